"""Pages that are open, and a second member of staff."""

import pytest
from django.test import Client

from accounts.models import User
from catalog.tests.concurrent_edits.pages import Open, Opened
from catalog.tests.test_admin import VARIANTS, page_of, variant_page


@pytest.fixture(params=["product", "variant", "list"])
def opened(request: pytest.FixtureRequest, admin_client: Client) -> Open:
    """Return a function that opens the variant of the newest product: on either page, then in the list."""
    if request.param == "list":
        return lambda product: Opened(admin_client, VARIANTS, "form-0-")
    if request.param == "variant":
        return lambda product: Opened(admin_client, variant_page(product), "")
    return lambda product: Opened(admin_client, page_of(product), "variants-0-")


@pytest.fixture
def colleague(db: None) -> Client:
    """Return another member of staff."""
    client = Client()
    client.force_login(User.objects.create_superuser("colleague"))
    return client
