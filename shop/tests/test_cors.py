"""CORS: only the Mini App's origin may read the API."""

import pytest
from django.test import Client

from conftest import Headers

pytestmark = pytest.mark.django_db

ALLOWED = "https://shop.example.org"
ASK = {
    "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "POST",
    "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "authorization, content-type, idempotency-key",
}


def listed(value: str) -> set[str]:
    return {part.strip().lower() for part in value.split(",")}


def cors_headers(answer: object) -> dict[str, str]:
    found: dict[str, str] = getattr(answer, "headers")  # noqa: B009 - the stubs hide it
    return {name: value for name, value in found.items() if name.lower().startswith("access-control-")}


@pytest.mark.parametrize("path", ["/api/v1/products", "/api/v1/nothing", "/api/v1/users/me", "/health"])
def test_allowed_origin_may_read_answers_and_errors(path: str, client: Client) -> None:
    answer = client.get(path, HTTP_ORIGIN=ALLOWED)
    headers = cors_headers(answer)
    assert listed(headers.pop("access-control-expose-headers")) == {"idempotent-replayed", "retry-after"}
    assert headers == {"access-control-allow-origin": ALLOWED}
    assert "origin" in listed(answer["Vary"])


def test_preflight_allows_methods_and_headers_of_the_api(client: Client) -> None:
    answer = client.options("/api/v1/orders", HTTP_ORIGIN=ALLOWED, **ASK)
    headers = cors_headers(answer)
    assert answer.status_code == 200
    assert headers["access-control-allow-origin"] == ALLOWED
    assert listed(headers["access-control-allow-headers"]) == {"authorization", "content-type", "idempotency-key"}
    assert {"get", "post", "patch"} <= listed(headers["access-control-allow-methods"])
    assert headers["access-control-max-age"] == "86400"
    assert "access-control-allow-credentials" not in headers  # the API ignores cookies


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://shop.example.org",
        "https://shop.example.org:444",
        "https://shop.example.org.evil.example",
        "https://xshop.example.org",
        "null",
    ],
)
def test_other_origins_get_no_cors_headers(origin: str, client: Client, alice: Headers) -> None:
    for answer in (
        client.get("/api/v1/users/me", HTTP_ORIGIN=origin, **alice),
        client.options("/api/v1/orders", HTTP_ORIGIN=origin, **ASK),
    ):
        assert cors_headers(answer) == {}


def test_admin_has_no_cors_headers(client: Client) -> None:
    assert cors_headers(client.get("/admin/login/", HTTP_ORIGIN=ALLOWED)) == {}
