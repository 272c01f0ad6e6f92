"""Logs and Sentry events of the real server for requests with secrets in all parts."""

import gzip
import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from django.db import DatabaseError, connection
from django.test import Client

from accounts.models import User
from conftest import Headers
from shop.runtime.logs import JSON_FIELDS, JSONLines, TextLines
from testing.bot_api import DEADLINE, wait_until
from testing.web import web

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "+7 900 123-45-67"
SECRET = "very-secret"
QUERY = urlencode({"phone": PHONE, "tgWebAppData": SECRET})
SENT = {"Referer": f"https://shop.example.org/?{QUERY}", "User-Agent": SECRET, "X-Anything": SECRET, "Cookie": SECRET}
SECRETS = (SECRET, PHONE, PHONE.replace(" ", "+"), "123-45", "tma ", "Alice")
Read = Callable[[Path], list[dict[str, Any]]]


def as_json(log: Path) -> list[dict[str, Any]]:
    """Read a log of JSON lines; a line that is none fails the test."""
    return [json.loads(line) for line in log.read_text().splitlines()]


def as_text(log: Path) -> list[dict[str, Any]]:
    """Read a log of text lines into the same form, tracebacks with the lines that they follow."""
    records: list[dict[str, Any]] = []
    for line in log.read_text().splitlines():
        if line[:4].isdigit():
            _, _, level, name, message = line.split(" ", 4)
            records.append({"levelname": level, "name": name.rstrip(":"), "message": message})
        else:
            records[-1]["exc_info"] = records[-1].get("exc_info", "") + line + "\n"
    return records


# Requests, and the one line that each of them writes: its logger and its message.
Line = tuple[str, str]
HTTPS = {"X-Forwarded-Proto": "https"}  # as nginx says it
HOST = "DisallowedHost"
REFUSED: list[tuple[str, str, dict[str, Any], Line]] = [
    ("GET", f"/nothing?{QUERY}", {}, ("django.request", "Not Found: /nothing")),
    ("GET", f"/api/v1/products/1?{QUERY}", {}, ("django.request", "Bad Request: /api/v1/products/1")),
    ("GET", f"/api/v1/products?ids={SECRET}&{QUERY}", {}, ("django.request", "Bad Request: /api/v1/products")),
    ("GET", f"/api/v1/users/me?{QUERY}", {}, ("django.request", "Unauthorized: /api/v1/users/me")),
    ("DELETE", f"/api/v1/products?{QUERY}", {}, ("django.request", "Method Not Allowed: /api/v1/products")),
    *(
        ("GET", f"{path}?{QUERY}", {"Host": SECRET}, (f"django.security.{HOST}", f"Bad Request ({HOST}): {path}"))
        for path in ("/", "/api/v1/products", "/admin/login/", "/docs")
    ),
    *(
        ("POST", f"/admin/login/?{QUERY}", headers, ("django.security.csrf", f"Forbidden ({reason}): /admin/login/"))
        for headers, reason in (
            ({"Origin": f"https://{SECRET}.example"}, "Origin checking failed"),
            ({}, "Referer checking failed"),
            ({"Referer": ""}, "Referer checking failed"),
            ({"Host": "127.0.0.1", "Origin": "https://127.0.0.1"}, "CSRF cookie not set"),
        )
    ),
]  # fmt: skip
MALFORMED = [
    (f"GET /?{QUERY} HTTP/9.9\r\n\r\n", "Invalid HTTP Version"),
    (f"GET /?{QUERY}\r\n\r\n", "Invalid HTTP request line"),
    (f"GET /?{QUERY} HTTP/1.1\r\nAuth orization: tma {SECRET}\r\n\r\n", "Invalid HTTP header name"),
    (f"GET /?{QUERY} HTTP/1.1\r\nHost: a\r\nAuthorization: tma {SECRET}\0\r\n\r\n", "Invalid HTTP Header"),
    (f"GET /?{QUERY} HTTP/1.1\r\nHost: a\r\nX: a\r\n {SECRET}\r\n\r\n", "Obsolete line folding is unacceptable"),
    (f"GET /?{QUERY} HTTP/1.1\r\nHost: a\r\nExpect: {SECRET}\r\n\r\n", "Unable to comply with expectation"),
    (f"{SECRET} /?{QUERY} HTTP/1.1\r\n\r\n", "Invalid HTTP method"),
    (f"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {SECRET}\r\n\r\n", "Unsupported transfer coding"),
    (f"GET /?{QUERY}{'x' * 5000} HTTP/1.1\r\n\r\n", "Request Line is too large"),
]


def send(url: str, method: str, path: str, headers: dict[str, str], **more: Any) -> int:
    """Send a request with secrets in all headers; return the status."""
    headers = SENT | HTTPS | headers
    answer = requests.request(method, url + path, headers=headers, timeout=DEADLINE, allow_redirects=False, **more)
    return answer.status_code


def send_raw(url: str, request: str) -> None:
    """Send what no HTTP library would."""
    where = urlsplit(url)
    with socket.create_connection((str(where.hostname), where.port or 80), DEADLINE) as stream:
        stream.sendall(request.encode())
        while stream.recv(65536):
            pass


def refused_staff() -> list[tuple[str, str, dict[str, Any], Line]]:
    """Make members of staff who ask for what they may not; like REFUSED."""

    def session(user: User) -> dict[str, str]:
        browser = Client()
        browser.force_login(user)
        return {"Cookie": f"sessionid={browser.cookies['sessionid'].value}"}

    staff = session(User.objects.create_user("staff", password="x", is_staff=True))
    owner = session(User.objects.create_superuser("owner", password="x"))
    orders, users = "/admin/orders/order/", "/admin/accounts/user/"
    return [
        ("GET", f"{orders}?{QUERY}", staff, ("django.request", f"Forbidden (PermissionDenied): {orders}")),
        (
            "GET",
            f"{users}?password__{SECRET}=1&{QUERY}",
            owner,
            ("django.security.DisallowedModelAdminLookup", f"Bad Request (DisallowedModelAdminLookup): {users}"),
        ),
    ]


@contextmanager
def phone_that_the_database_refuses() -> Iterator[None]:
    """Have PostgreSQL refuse the phone of these tests; its DETAIL shows the whole row."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE accounts_user ADD CONSTRAINT refused CHECK (phone <> '{PHONE}')")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_user DROP CONSTRAINT refused")


def change_phone(url: str, alice: Headers) -> int:
    """Send a phone in the body, to where the database will refuse it."""
    headers = {"Authorization": alice["HTTP_AUTHORIZATION"]}
    return send(url, "PATCH", "/api/v1/users/me", headers, json={"phone": PHONE})


@pytest.mark.parametrize("read", [as_text, as_json], ids=["text", "json"])
def test_log_has_one_line_per_refusal_without_request_data(
    read: Read, subprocess_env: dict[str, str], alice: Headers, tmp_path: Path
) -> None:
    log = tmp_path / "web.log"
    log_format = "json" if read is as_json else "text"
    with web(subprocess_env | {"LOG_FORMAT": log_format, "DEBUG": "off"}, log) as url:
        started = read(log)
        expected = []
        for method, path, headers, line in REFUSED + refused_staff():
            assert 400 <= send(url, method, path, headers) < 500, path
            expected.append(("WARNING", *line, False))
        for request, message in MALFORMED:
            send_raw(url, request)
            expected.append(("WARNING", "gunicorn.error", f"Invalid request from ip=127.0.0.1: {message}", False))
        with phone_that_the_database_refuses():
            assert change_phone(url, alice) == 500
        expected.append(("ERROR", "django.request", "Internal Server Error: /api/v1/users/me", True))
        written = read(log)[len(started) :]
    assert [
        (record["levelname"], record["name"], record["message"], "exc_info" in record) for record in written
    ] == expected
    refused = 'new row for relation "accounts_user" violates check constraint "refused" (values withheld)'
    for error in ("psycopg.errors.CheckViolation", "django.db.utils.IntegrityError"):
        assert f"{error}: {refused}" in written[-1]["exc_info"]
    assert "services.py" in written[-1]["exc_info"]
    # gunicorn's own lines are like all others, and so are Python's warnings (here: of static files not collected).
    assert {record["name"] for record in started} == {"gunicorn.error", "py.warnings"}
    for secret in (*SECRETS, alice["HTTP_AUTHORIZATION"][-20:]):
        assert secret not in log.read_text()
    if read is as_json:
        assert {name for record in read(log) for name in record} <= set(JSON_FIELDS)


@pytest.mark.parametrize(
    ("sql", "kept"),
    [
        ("SELECT %s::int", "SQLSTATE 22P02"),
        ("SELECT %s::timestamptz", "SQLSTATE 22007"),
        ("INSERT INTO django_site_of_none VALUES (%s)", 'relation "django_site_of_none" does not exist'),
    ],
)
@pytest.mark.parametrize("formatter", [TextLines(), JSONLines()], ids=["text", "json"])
def test_formatters_remove_values_from_database_errors(sql: str, kept: str, formatter: logging.Formatter) -> None:
    with pytest.raises(DatabaseError) as failed, connection.cursor() as cursor:
        cursor.execute(sql, [PHONE])
    try:
        raise RuntimeError("it did not work") from failed.value
    except RuntimeError as error:
        info = (RuntimeError, error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "failed", (), info)
    written = formatter.format(record)
    assert "RuntimeError: it did not work" in written
    assert kept in written.replace('\\"', '"')
    assert "123-45" not in written


class Sentry(ThreadingHTTPServer):
    """A Sentry on the loopback interface, which keeps what it is sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SentryHandler)
        self.received: list[str] = []


class SentryHandler(BaseHTTPRequestHandler):
    """One connection."""

    server: Sentry

    def do_POST(self) -> None:
        """Take an envelope."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        packed = self.headers.get("Content-Encoding") == "gzip"
        self.server.received.append((gzip.decompress(body) if packed else body).decode())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        """Print nothing."""


@pytest.fixture
def sentry() -> Iterator[Sentry]:
    with Sentry() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join(DEADLINE)


def test_sentry_gets_the_error_without_request_data(
    subprocess_env: dict[str, str], sentry: Sentry, alice: Headers, tmp_path: Path
) -> None:
    dsn = f"http://key@127.0.0.1:{sentry.server_port}/1"
    with (
        web(subprocess_env | {"SENTRY_DSN": dsn, "DEBUG": "off"}, tmp_path / "web.log") as url,
        phone_that_the_database_refuses(),
    ):
        for method, path, headers, _ in [*REFUSED, ("GET", f"/api/v1/products?search={SECRET}", {}, None)]:
            send(url, method, path, headers)
        assert change_phone(url, alice) == 500
        events = wait_until(lambda: [text for text in sentry.received if "CheckViolation" in text])
    (event,) = (json.loads(line) for line in events[0].splitlines() if line.startswith('{"') and "exception" in line)
    assert event["request"] == {"method": "PATCH", "url": f"{url}/api/v1/users/me".replace("http:", "https:")}
    values = [each["value"] for each in event["exception"]["values"]]
    assert values == [
        'new row for relation "accounts_user" violates check constraint "refused" (values withheld)'
    ] * len(values)
    received = "".join(sentry.received)
    for secret in (*SECRETS, alice["HTTP_AUTHORIZATION"][-20:]):
        assert secret not in received
    assert received.count('"exception"') == 1  # refusals are no events
