"""Admin pages of users."""

from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.customer_cache import customers
from accounts.init_data import TelegramUser
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
    with django_assert_max_num_queries(10):  # type: ignore[operator]  # pytest-django's fixture is a callable
        assert staff.get(reverse("admin:accounts_user_changelist")).status_code == 200


def test_customer_signs_in_after_a_superuser_moved_their_telegram_id(staff: Client, sign_in: SignIn) -> None:
    headers, boss = sign_in(42, "Alice"), User.objects.get(username="boss")
    assert Client().get("/api/v1/users/me", **headers).status_code == 200
    alice = User.objects.get(username="tg:42")

    def change(user: User, telegram_id: str) -> Any:
        return OpenPage(staff, reverse("admin:accounts_user_change", args=[user.pk])).save(telegram_id=telegram_id)

    assert "telegram_id" in change(alice, "43").context["adminform"].form.errors
    for user, telegram_id in ((alice, ""), (boss, "42"), (boss, "")):
        assert change(user, telegram_id).status_code == 302
    answer = Client().get("/api/v1/users/me", **headers)
    assert (answer.status_code, answer.json()["id"]) == (200, alice.pk)


def test_customer_who_is_deleted_during_a_request_is_told_to_retry(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    headers, change_profile = sign_in(42, "Alice"), services.change_profile

    def deleted_first(*, user: User, **changes: str) -> User:
        User.objects.filter(pk=user.pk).delete()
        return change_profile(user=user, **changes)

    monkeypatch.setattr(services, "change_profile", deleted_first)
    busy = Client().patch("/api/v1/users/me", {"language_code": "en"}, "application/json", **headers)
    assert (busy.status_code, busy.json()["code"]) == (503, "busy")


def test_customer_who_is_deleted_during_a_sign_in_is_created_again(sign_in: SignIn, db: None) -> None:
    now = timezone.now()
    services.sign_in(telegram_user=TelegramUser(id=42, first_name="Alice"), now=now)
    known = customers.find(42)
    assert known is not None
    User.objects.filter(pk=known.pk).delete()
    with patch.object(customers, "find", return_value=known):
        again = services.sign_in(telegram_user=TelegramUser(id=42, first_name="Alicia"), now=now)
    assert (again.pk != known.pk, User.objects.get().first_name) == (True, "Alicia")
