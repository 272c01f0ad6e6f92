"""Content-Security-Policy of the admin and the API's pages; in a browser: e2e/test_policies.py."""

import pytest
from django.test import Client
from pytest_django import Settings

from shop.http import content_security_policy

pytestmark = pytest.mark.django_db


def policy(answer: object) -> dict[str, str]:
    """Read the Content-Security-Policy by directive."""
    value: str = getattr(answer, "headers")["Content-Security-Policy"]  # noqa: B009 - the stubs hide it
    return dict(part.split(" ", 1) for part in value.split("; "))


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/nothing/", "/admin/jsi18n/"])
def test_policy_of_the_admin(path: str, client: Client) -> None:
    assert policy(client.get(path)) == {
        "default-src": "'none'",
        "script-src": "'self' 'unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' https: data:",
        "connect-src": "'self'",
        "font-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


def test_policy_of_a_csrf_failure() -> None:
    form = {"content_type": "application/x-www-form-urlencoded"}
    answer = Client(enforce_csrf_checks=True).post("/admin/login/", "", **form)
    assert answer.status_code == 403
    assert policy(answer)["default-src"] == "'none'"


@pytest.mark.parametrize("path", ["/docs", "/docs/"])
def test_policy_of_the_api_pages(path: str, client: Client) -> None:
    answer = client.get(path)
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert policy(answer) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }


@pytest.mark.parametrize(
    ("media_url", "debug", "sources"),
    [
        ("/media/", False, "'self' https: data:"),
        ("https://cdn.example.org/", False, "'self' https: data:"),
        ("http://192.0.2.1:9000/pictures/", False, "'self' https: data: http:"),
        ("/media/", True, "'self' https: data: http:"),
    ],
)
def test_policy_has_the_sources_of_pictures(
    media_url: str, debug: bool, sources: str, client: Client, settings: Settings
) -> None:
    settings.MEDIA_URL, settings.DEBUG = media_url, debug
    assert content_security_policy.pictures() == sources
    assert policy(client.get("/"))["img-src"] == sources
    assert policy(Client().get("/admin/login/"))["img-src"] == sources
