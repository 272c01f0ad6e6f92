"""Pages that are open, and a second member of staff."""

import pytest
from django.test import Client

from accounts.models import User
from catalog.tests.concurrent_edits.pages import Open, Opened
from catalog.tests.test_admin import PRODUCTS, page_of


@pytest.fixture(params=["page", "list"])
def opened(request: pytest.FixtureRequest, admin_client: Client) -> Open:
    """Return a function that opens the newest product: on its page, then in the list."""
    if request.param == "list":
        return lambda product: Opened(admin_client, PRODUCTS, "form-0-")
    return lambda product: Opened(admin_client, page_of(product), "")


@pytest.fixture
def colleague(db: None) -> Client:
    """Return another member of staff."""
    client = Client()
    client.force_login(User.objects.create_superuser("colleague"))
    return client
