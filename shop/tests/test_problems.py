"""API errors: problems with a code, without internal details."""

import logging
from typing import Any
from unittest.mock import ANY

import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.test import Client
from pytest_django import Settings

from accounts import services
from accounts.models import User
from conftest import Headers, JSONClient
from shop.api.parsers import MAX_BODY

pytestmark = pytest.mark.django_db

PROFILE = "/api/v1/users/me"
TITLES = {
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


def assert_problem(answer: Any, status: int, code: str, **data: Any) -> None:
    """Compare the whole answer; what `detail` says is for people."""
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    title = answer.json()["title"] if status in {413, 415} else TITLES[status]  # Python has renamed those
    body = {"type": "about:blank", "title": title, "status": status, "detail": ANY, "code": code}
    assert answer.json() == body | data
    assert answer.json()["detail"]


def patch_profile(client: JSONClient, headers: Headers, body: bytes, content_type: str = "application/json") -> Any:
    return client.generic("PATCH", PROFILE, body, content_type=content_type, **headers)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "path",
    ["/api/", "/api/v1", "/api/v1/", "/api/v2/products", "/api/v1/nothing", "/api/v1/products/1/x", "/api/v1/%00"],
)
@pytest.mark.parametrize("debug", [False, True])
def test_unknown_route_is_a_404_problem(
    method: str, path: str, debug: bool, client: Client, settings: Settings
) -> None:
    settings.DEBUG = debug
    assert_problem(client.generic(method, path, "{}", "application/json"), 404, "not_found")


def test_unknown_page_is_a_404_problem(client: Client) -> None:
    assert_problem(client.get("/nothing"), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/v1/products", "GET"),
        ("POST", "/api/v1/products/1", "GET"),
        ("PUT", "/api/v1/orders", "POST"),
        ("GET", "/api/v1/orders/1/cancel", "POST"),
        ("POST", PROFILE, "GET, PATCH"),
    ],
)
def test_wrong_method_is_a_405_problem(
    method: str, path: str, allowed: str, client: JSONClient, alice: Headers
) -> None:
    answer = client.generic(method, path, "{}", "application/json", **alice)
    assert_problem(answer, 405, "method_not_allowed")
    assert set(allowed.split(", ")) <= set(answer["Allow"].split(", "))


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"{",
        b"phone=12345",
        b"{'phone': '12345'}",
        b'{"phone": "12345",}',
        b'{"phone": "12345"} x',
        b'{"phone": "12345", "phone": "54321"}',
        b'{"a": [{"b": 1, "b": 1}]}',
        b'{"a": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"phone": "\xff"}',
        '{"phone": "12345"}'.encode("utf-16"),
        b'\xef\xbb\xbf{"phone": "12345"}',
        b'{"phone": "a\0"}',
        b'["phone"]',
        b'"phone"',
        b"5",
        b"null",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_body_must_be_a_json_object(body: bytes, client: JSONClient, alice: Headers) -> None:
    assert_problem(patch_profile(client, alice, body), 400, "malformed_json")
    assert User.objects.get().phone == ""


def test_empty_body_is_an_empty_object(client: JSONClient, alice: Headers) -> None:
    assert patch_profile(client, alice, b"").status_code == 200
    answer = client.generic("POST", "/api/v1/orders", b"", "application/json", **alice)
    assert_problem(answer, 400, "invalid", errors={"items": [{"code": "required", "message": ANY}]})


@pytest.mark.parametrize(
    ("text", "code"),
    [(rb"12345\ud800", "surrogate_characters_not_allowed"), (rb"12345\u0000", "null_characters_not_allowed")],
)
def test_text_that_cannot_be_stored_is_refused(text: bytes, code: str, client: JSONClient, alice: Headers) -> None:
    answer = patch_profile(client, alice, b'{"phone": "%b"}' % text)
    assert_problem(answer, 400, "invalid", errors={"phone": ANY})
    assert code in {error["code"] for error in answer.json()["errors"]["phone"]}
    cart = b'{"items": [{"product_id": 1, "quantity": 1}], "comment": "%b"}' % text
    answer = client.generic("POST", "/api/v1/orders", cart, "application/json", **alice)
    assert_problem(answer, 400, "invalid", errors={"comment": ANY})


def test_long_body_is_a_413_problem(client: JSONClient, alice: Headers) -> None:
    longest = b'{"phone": "12345"}'.ljust(MAX_BODY)
    assert patch_profile(client, alice, longest).status_code == 200
    for size in (MAX_BODY + 1, 1024**2, 4 * 1024**2):
        assert_problem(patch_profile(client, alice, longest.ljust(size)), 413, "body_too_large")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx", ""],
)
def test_body_without_a_json_content_type_is_a_415_problem(
    content_type: str, client: JSONClient, alice: Headers
) -> None:
    answer = patch_profile(client, alice, b'{"phone": "12345"}', content_type)
    assert_problem(answer, 415, "unsupported_media_type")
    assert User.objects.get().phone == ""


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_body_with_a_json_content_type_is_parsed(content_type: str, client: JSONClient, alice: Headers) -> None:
    answer = patch_profile(client, alice, b'{"phone": "12345"}', content_type)
    assert (answer.status_code, answer.json()["phone"]) == (200, "12345")


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver:80:80", "a b"])
@pytest.mark.parametrize("path", ["/api/v1/products", "/docs", "/admin/login/"])
def test_wrong_host_is_a_400_problem(host: str, path: str, client: Client) -> None:
    answer = client.get(path, HTTP_HOST=host)
    assert_problem(answer, 400, "bad_request")
    assert "evil" not in answer.content.decode()


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_internal_error_reveals_no_details(
    accept: str,
    client: JSONClient,
    alice: Headers,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(services, "change_profile", lambda **_: int("secret-word"))
    client.raise_request_exception = False
    answer = client.patch(PROFILE, {"phone": "12345"}, HTTP_ACCEPT=accept, **alice)
    assert_problem(answer, 500, "server_error")
    for inside in ("secret-word", "ValueError", "Traceback", ".py"):
        assert inside not in answer.content.decode()
    assert "invalid literal for int() with base 10: 'secret-word'" in caplog.text  # the log has the details


@pytest.mark.parametrize(
    "error",
    [OperationalError("connection to 10.1.2.3 failed"), InterfaceError("the connection is closed: 10.1.2.3")],
)
def test_unavailable_database_is_a_503_problem(
    error: Exception,
    client: JSONClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> None:
        raise error from psycopg.errors.LockNotAvailable("10.1.2.3")

    monkeypatch.setattr("catalog.views.fetch_categories", fail)
    with caplog.at_level(logging.WARNING):
        answer = client.get("/api/v1/categories")
    assert_problem(answer, 503, "busy")
    assert answer["Retry-After"] == "1"
    assert "10.1.2.3" not in answer.content.decode() + caplog.text
    assert "LockNotAvailable" in caplog.text


def test_unavailable_database_at_sign_in_is_a_503_problem(
    client: JSONClient, alice: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("accounts.authentication.sign_in", fail)
    answer = client.get(PROFILE, **alice)
    assert_problem(answer, 503, "busy")
    assert answer["Retry-After"] == "1"


def test_suspicious_operation_is_a_400_problem(client: JSONClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise SuspiciousOperation("secret-word")

    monkeypatch.setattr("catalog.views.fetch_categories", fail)
    answer = client.get("/api/v1/categories")
    assert_problem(answer, 400, "parse_error")
    assert "secret-word" not in answer.content.decode()


def test_admin_page_is_503_while_the_database_is_unavailable(
    admin_user: User, client: JSONClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(admin_user)
    client.raise_request_exception = False

    def away(*_: Any) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr(SessionStore, "load", away)
    answer = client.get("/admin/")
    assert_problem(answer, 503, "busy")
    assert answer["Retry-After"] == "1"
