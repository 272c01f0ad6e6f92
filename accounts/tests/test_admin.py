"""Admin pages of users."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from conftest import SignIn
from testing.html_forms import OpenPage


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss", password="boss-of-the-shop"))
    return client


def test_customer_is_deactivated_in_the_admin(staff: Client, sign_in: SignIn) -> None:
    headers = sign_in(42, "Alice")
    assert Client().get("/api/v1/users/me", **headers).status_code == 200
    alice = User.objects.get(telegram_id=42)

    answer = OpenPage(staff, reverse("admin:accounts_user_change", args=[alice.pk])).save(is_active=None)

    assert answer.status_code == 302, answer.context["errors"]
    alice.refresh_from_db()
    assert (alice.username, alice.is_active) == ("tg:42", False)
    refused = Client().get("/api/v1/users/me", **headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "account_disabled")


def test_number_of_queries_of_the_user_list_does_not_grow(
    staff: Client, sign_in: SignIn, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(1, 11):
        Client().get("/api/v1/users/me", **sign_in(number, f"Customer {number}"))
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # pytest-django's fixture is a callable
        assert staff.get(reverse("admin:accounts_user_changelist")).status_code == 200
