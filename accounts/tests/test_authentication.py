"""Sign-in of customers: `Authorization: tma <init data>` on any endpoint for customers."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from unittest.mock import ANY

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts import services
from accounts.init_data import sign
from accounts.models import User
from conftest import Headers, JSONClient, SignIn

pytestmark = pytest.mark.django_db

PATH = "/api/v1/users/me"
NOW = int(time.time())


def signed(token: str = settings.TELEGRAM_BOT_TOKEN, /, **fields: str) -> str:
    return "tma " + sign({"auth_date": str(int(time.time())), "user": '{"id":7}'} | fields, token)


def row(telegram_id: int) -> dict[str, Any]:
    return dict(User.objects.values().get(telegram_id=telegram_id))


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "init_data_missing"),
        ("", "init_data_missing"),
        ("tma", "init_data_missing"),
        ("tma  ", "init_data_missing"),
        (signed().replace("tma", "Bearer"), "init_data_missing"),
        (signed().replace("tma", "Basic"), "init_data_missing"),
        (signed().removeprefix("tma "), "init_data_missing"),
        (signed().replace("tma ", "tma: "), "init_data_missing"),
        ("tma rubbish", "init_data_malformed"),
        ("tma \xff", "init_data_malformed"),
        (f"{signed()}&user=x", "init_data_malformed"),
        (signed(user='{"id":"7"}'), "init_data_malformed"),
        (signed("1:another"), "init_data_bad_hash"),
        (signed(auth_date=str(NOW - 3700)), "init_data_expired"),
        (signed(auth_date=str(NOW + 36_000)), "init_data_from_future"),
        ("tma " + sign({"auth_date": str(NOW)}, settings.TELEGRAM_BOT_TOKEN), "init_data_no_user"),
    ],
    ids=lambda value: str(value)[:14],  # without the time: each process of `make test-fast` makes its own
)
@pytest.mark.parametrize(
    ("method", "path"), [("get", PATH), ("patch", PATH), ("post", "/api/v1/orders"), ("get", "/api/v1/orders/my")]
)
def test_refusal(method: str, path: str, header: str | None, code: str, client: JSONClient) -> None:
    headers = {} if header is None else {"HTTP_AUTHORIZATION": header}
    answer = client.generic(method.upper(), path, "{}", content_type="application/json", **headers)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "tma"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": ANY,
        "code": code,
    }
    assert answer.json()["detail"]
    assert not User.objects.exists()


@pytest.mark.parametrize("scheme", ["tma", "TMA", "Tma"])
def test_scheme_is_read_in_any_case(scheme: str, client: JSONClient) -> None:
    """RFC 9110, section 11.1."""
    assert client.get(PATH, HTTP_AUTHORIZATION=signed().replace("tma", scheme)).status_code == 200


def test_first_contact_makes_one_customer_without_password(client: JSONClient, sign_in: SignIn) -> None:
    headers = sign_in(1001, "Аня", username="anya", language_code="ru", is_premium=True, allows_write_to_pm=True)
    before = timezone.now()
    client.get(PATH, **headers)
    user = User.objects.get()
    assert row(1001) | {"password": "", "date_joined": None, "last_seen_at": None} == {
        "id": user.pk,
        "username": "tg:1001",
        "password": "",
        "telegram_id": 1001,
        "telegram_username": "anya",
        "first_name": "Аня",
        "last_name": "",
        "email": "",
        "telegram_language_code": "ru",
        "language_code": "",
        "photo_url": "",
        "phone": "",
        "is_premium": True,
        "allows_write_to_pm": True,
        "is_staff": False,
        "is_superuser": False,
        "is_active": True,
        "bot_blocked_at": None,
        "last_seen_at": None,
        "last_login": None,
        "date_joined": None,
    }
    assert not user.has_usable_password()
    assert user.last_seen_at is not None
    assert before <= user.last_seen_at <= timezone.now()
    client.get(PATH, **headers)
    assert User.objects.count() == 1


def test_catalog_needs_no_customer_and_creates_none(client: JSONClient, alice: Headers) -> None:
    """Even a wrong header is ignored there."""
    for headers in ({}, alice, {"HTTP_AUTHORIZATION": "tma rubbish"}):
        for path in ("/api/v1/products", "/api/v1/categories"):
            assert client.get(path, **headers).status_code == 200
    assert not User.objects.exists()


def test_changed_names_are_saved(client: JSONClient, sign_in: SignIn) -> None:
    client.get(PATH, **sign_in(1001, "Anna", last_name="A", username="anna", is_premium=True))
    before = row(1001)
    client.get(PATH, **sign_in(1001, "Анна", username="anna2", photo_url="https://t.me/x.svg"))
    assert row(1001) == before | {
        "first_name": "Анна",
        "last_name": "",
        "telegram_username": "anna2",
        "photo_url": "https://t.me/x.svg",
        "is_premium": False,
    }


def test_names_longer_than_the_columns_are_cut(client: JSONClient, sign_in: SignIn) -> None:
    texts = ("last_name", "username", "language_code", "photo_url")
    headers = sign_in(1001, "я" * 200, **dict.fromkeys(texts, "x" * 600))
    assert client.get(PATH, **headers).status_code == 200
    assert [len(value) for value in (row(1001)["first_name"], row(1001)["photo_url"])] == [150, 500]


def test_unchanged_visit_writes_nothing(
    client: JSONClient, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(PATH, **sign_in(1001, "Alice"))
    before = row(1001)
    with django_assert_num_queries(1) as queries:
        client.get(PATH, **sign_in(1001, "Alice"))
    assert queries.captured_queries[0]["sql"].startswith("SELECT")
    assert row(1001) == before


def test_last_seen_is_saved_once_an_hour(client: JSONClient, sign_in: SignIn) -> None:
    client.get(PATH, **sign_in(1001, "Alice"))
    for age, is_kept in ((timedelta(minutes=59), True), (timedelta(minutes=61), False)):
        seen = timezone.now() - age
        User.objects.update(last_seen_at=seen)
        client.get(PATH, **sign_in(1001, "Alice"))
        assert (row(1001)["last_seen_at"] == seen) is is_kept


def test_chosen_language_and_phone_survive_sign_in(client: JSONClient, sign_in: SignIn) -> None:
    client.get(PATH, **sign_in(1001, "Alice", language_code="ru"))
    client.patch(PATH, {"language_code": "en", "phone": "12345"}, **sign_in(1001, "Alice", language_code="ru"))
    answer = client.get(PATH, **sign_in(1001, "Alice", language_code="de"))
    assert (answer.json()["language_code"], answer.json()["phone"]) == ("en", "12345")
    assert row(1001)["telegram_language_code"] == "de"


def test_rights_of_staff_stay_when_they_shop(client: JSONClient, alice: Headers) -> None:
    staff = User.objects.create_user("boss", password="a pass phrase", telegram_id=1001, is_staff=True)
    client.get(PATH, **alice)
    staff.refresh_from_db()
    assert (User.objects.count(), staff.username, staff.is_staff) == (1, "boss", True)
    assert staff.check_password("a pass phrase")


def test_disabled_account_is_refused(client: JSONClient, alice: Headers, bob: Headers) -> None:
    client.get(PATH, **alice)
    User.objects.update(is_active=False)
    answer = client.patch(PATH, {"phone": "12345"}, **alice)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
        "detail": "This account is switched off; write to the shop.",
        "code": "account_disabled",
    }
    assert answer.status_code == 403
    assert row(1001)["phone"] == ""
    assert client.get(PATH, **bob).status_code == 200


def test_staff_session_does_not_sign_in_a_customer(client: JSONClient) -> None:
    """Otherwise a page of another site could place orders with the cookies of staff."""
    client.force_login(User.objects.create_superuser("boss", password="x"))
    answer = client.get(PATH)
    assert (answer.status_code, answer.json()["code"]) == (401, "init_data_missing")


def test_logs_hold_no_credential_and_no_phone(
    client: JSONClient, alice: Headers, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    header = alice["HTTP_AUTHORIZATION"]
    stale = signed(auth_date="1760000000", secret_field="very-secret")
    client.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        client.patch(PATH, {"phone": "+7 900 123-45-67"}, **alice)
        client.patch(PATH, {"phone": "+7 900 123-45-67 bad"}, **alice)
        client.post("/api/v1/orders", {"phone": "+7 900 123-45-67", "items": "x"}, **alice)
        for bad in (header[:-1], f"{header}0", stale, header.replace("tma", "Bearer")):
            client.get(PATH, HTTP_AUTHORIZATION=bad)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(services, "change_profile", lambda **_: 1 / 0)
            assert client.patch(PATH, {"phone": "+7 900 123-45-67"}, **alice).status_code == 500
    # SQL is logged at DEBUG by django.db.backends with DEBUG on only, and never by this configuration.
    logged = "".join(f"{record.getMessage()} {record.exc_text} {vars(record)}" for record in caplog.records) + "".join(
        capfd.readouterr()
    )
    assert "ZeroDivisionError" in logged
    for secret in (header[4:], header.rpartition("=")[2], stale.rpartition("=")[2], "very-secret", "900 123-45-67"):
        assert secret not in logged


def at_once(number: int, call: Callable[[int], Any]) -> list[Any]:
    """Call `call(0)`, `call(1)`, … in threads, each with its own connection; return results or exceptions."""

    def run(index: int) -> Any:
        try:
            return call(index)
        except IntegrityError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


@pytest.mark.django_db(transaction=True)
def test_first_requests_at_once_make_one_customer(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """All eight look for the customer and find none before the first one continues."""
    barrier = threading.Barrier(8, timeout=30)
    first_contact = services._first_contact

    def after_all_have_looked(*arguments: Any) -> User:
        barrier.wait()
        return first_contact(*arguments)

    monkeypatch.setattr(services, "_first_contact", after_all_have_looked)
    headers = sign_in(1001, "Alice")
    answers = at_once(8, lambda _: JSONClient().get(PATH, **headers))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert {answer.json()["id"] for answer in answers} == {User.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_control_select_then_insert_fails_in_that_race() -> None:
    """Select, then insert: seven of eight fail in the same race, so the test above can fail."""
    barrier = threading.Barrier(8, timeout=30)

    def naive_sign_in(_: int) -> User:
        user = User.objects.filter(telegram_id=1001).first()
        barrier.wait()
        return user or User.objects.create(username="tg:1001", telegram_id=1001)

    outcomes = at_once(8, naive_sign_in)
    assert sum(isinstance(outcome, IntegrityError) for outcome in outcomes) == 7
    assert User.objects.count() == 1


def test_customer_user_name_cannot_be_given_to_staff(admin_client: Client) -> None:
    """Otherwise the first sign-in of that customer would find the name taken."""
    for name, is_taken in (("tg:1001", False), ("clerk", True)):
        form = {"username": name, "usable_password": "true", "password1": "a pass phrase 1"}
        admin_client.post("/admin/accounts/user/add/", form | {"password2": form["password1"]})
        assert User.objects.filter(username=name).exists() is is_taken
