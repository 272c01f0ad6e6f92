"""GET and PATCH /api/v1/users/me."""

import json
from typing import Any

import pytest

from accounts.models import User
from conftest import Headers, JSONClient, SignIn

pytestmark = pytest.mark.django_db

PATH = "/api/v1/users/me"


def profile(user: User, **fields: Any) -> dict[str, Any]:
    """Return the whole body for a customer with only a name."""
    return {
        "id": user.pk,
        "telegram_id": user.telegram_id,
        "first_name": user.first_name,
        "last_name": "",
        "username": "",
        "language_code": "",
        "photo_url": "",
        "is_premium": False,
        "phone": "",
    } | fields


def row(telegram_id: int) -> dict[str, Any]:
    """Return all columns of a customer."""
    return dict(User.objects.values().get(telegram_id=telegram_id))


def test_profile_has_what_telegram_reports(client: JSONClient, sign_in: SignIn) -> None:
    reported = {
        "last_name": "Б & Co = 100%",
        "username": "anya_q",
        "language_code": "ru",
        "photo_url": "https://t.me/i/userpic/320/x.svg",
        "is_premium": True,
    }
    answer = client.get(PATH, **sign_in(2**52 - 1, "Аня 🌸", **reported))
    assert answer.status_code == 200
    assert answer.json() == {
        "id": User.objects.get().pk,
        "telegram_id": 2**52 - 1,
        "first_name": "Аня 🌸",
        "phone": "",
        **reported,
    }


@pytest.mark.parametrize("path", [PATH, f"{PATH}/"])
def test_profile_is_ones_own(path: str, client: JSONClient, alice: Headers, bob: Headers) -> None:
    bodies = [client.get(path, **headers).json() for headers in (alice, bob)]
    assert bodies == [profile(User.objects.get(telegram_id=number)) for number in (1001, 1002)]
    assert [body["first_name"] for body in bodies] == ["Alice", "Bob"]


@pytest.mark.parametrize(
    "phone", ["+7 912 345-67-89", "89123456789", "8 (812) 345 67 89", "12345", "+123456789012345", ""]
)
def test_phone_of_this_customer_only_is_changed(phone: str, client: JSONClient, alice: Headers, bob: Headers) -> None:
    client.get(PATH, **bob)
    before = row(1002)
    answer = client.patch(PATH, {"phone": phone}, **alice)
    user = User.objects.get(telegram_id=1001)
    assert (answer.status_code, answer.json()) == (200, profile(user, phone=phone))
    assert client.get(PATH, **alice).json()["phone"] == user.phone == phone
    assert row(1002) == before


def test_surrounding_blanks_are_dropped(client: JSONClient, alice: Headers) -> None:
    assert client.patch(PATH, {"phone": " 12345\n"}, **alice).json()["phone"] == "12345"


def test_chosen_language_can_be_reset(client: JSONClient, sign_in: SignIn) -> None:
    headers = sign_in(1001, "Alice", language_code="ru")
    assert client.patch(PATH, {"language_code": "en-GB"}, **headers).json()["language_code"] == "en-GB"
    assert client.get(PATH, **headers).json()["language_code"] == "en-GB"
    assert client.patch(PATH, {"language_code": ""}, **headers).json()["language_code"] == "ru"


def test_omitted_field_is_not_changed(client: JSONClient, alice: Headers) -> None:
    client.patch(PATH, {"phone": "12345", "language_code": "en"}, **alice)
    before = row(1001)
    answer = client.patch(PATH, {}, **alice)
    assert (answer.status_code, answer.json()["phone"], answer.json()["language_code"]) == (200, "12345", "en")
    client.patch(PATH, {"language_code": "ru"}, **alice)
    assert row(1001) == before | {"language_code": "ru"}


@pytest.mark.parametrize(
    "phone", ["1234", "+1234567890123456", "call me", "+7 912\n345-67-89", "٠١٢٣٤٥", "12345 ext. 6"]
)
def test_bad_phone_is_refused(phone: str, client: JSONClient, alice: Headers) -> None:
    assert_refused(client, alice, {"phone": phone}, "phone", "invalid")


@pytest.mark.parametrize("language", ["русский", "e", "en_GB", "en-", "en\nx"])
def test_bad_language_is_refused(language: str, client: JSONClient, alice: Headers) -> None:
    assert_refused(client, alice, {"language_code": language}, "language_code", "invalid")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (79123456789, "invalid"),
        (1.5, "invalid"),
        (True, "invalid"),
        (["12345"], "invalid"),
        ({"a": "12345"}, "invalid"),
        (None, "null"),
        ("1" + 28 * " " + "2345", "max_length"),
        ("12345\0", "null_characters_not_allowed"),
        ("12345\ud800", "surrogate_characters_not_allowed"),
    ],
)
def test_phone_that_is_not_a_string_is_refused(value: object, code: str, client: JSONClient, alice: Headers) -> None:
    assert_refused(client, alice, {"phone": value}, "phone", code)


def test_all_errors_are_reported_and_no_field_is_changed(client: JSONClient, alice: Headers) -> None:
    client.get(PATH, **alice)
    before = row(1001)
    answer = client.patch(PATH, {"phone": 5, "language_code": "en"}, **alice)
    assert set(answer.json()["errors"]) == {"phone"}
    answer = client.patch(PATH, {"phone": 5, "language_code": 6}, **alice)
    assert set(answer.json()["errors"]) == {"phone", "language_code"}
    assert row(1001) == before


def test_other_fields_cannot_be_changed(client: JSONClient, alice: Headers) -> None:
    client.get(PATH, **alice)
    before = row(1001)
    wish: dict[str, Any] = {"id": 1, "telegram_id": 1002, "is_staff": True, "is_superuser": True, "is_premium": True}
    wish |= {"first_name": "Mallory", "username": "x", "telegram_username": "x", "password": "x", "is_active": False}
    answer = client.patch(PATH, wish, **alice)
    assert (answer.status_code, answer.json()["errors"].keys()) == (400, wish.keys())
    assert row(1001) == before


@pytest.mark.parametrize("method", ["put", "post", "delete"])
def test_other_methods(method: str, client: JSONClient, alice: Headers) -> None:
    answer = getattr(client, method)(PATH, {}, **alice)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert User.objects.filter(telegram_id=1001).exists()


def assert_refused(client: JSONClient, headers: Headers, body: dict[str, Any], field: str, code: str) -> None:
    """Assert that the change is refused with this one error, and that no column has changed."""
    client.get(PATH, **headers)
    before = row(1001)
    answer = client.patch(PATH, json.dumps(body), content_type="application/json", **headers)
    problem = answer.json()
    errors = problem.pop("errors")
    assert problem == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "Some values are not right; `errors` says which.",
        "code": "invalid",
    }
    assert set(errors) == {field}
    assert code in {error["code"] for error in errors[field]}
    assert all(error["message"] for error in errors[field])
    assert row(1001) == before
