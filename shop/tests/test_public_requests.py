"""Cache keys of public requests, and the request that the application gets."""

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
import requests
from django.test import Client
from pytest_django import Settings

from conftest import Make
from shop.http.public_paths import public_paths
from shop.http.public_requests import PASSED, Key, PublicRequests, request_for
from testing.bot_api import DEADLINE
from testing.web import REPOSITORY, web

PRODUCTS = "/api/v1/products"


def environ_of(path: str = PRODUCTS, query: str = "", **variables: str) -> dict[str, Any]:
    environ: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "", **variables}
    setup_testing_defaults(environ)
    return environ


def key_of(path: str = PRODUCTS, query: str = "", **variables: str) -> Key:
    key = PublicRequests().key_of(environ_of(path, query, **variables))
    assert key is not None
    return key


def test_parameters_equal_those_of_the_openapi_file(client: Client) -> None:
    """A parameter that is not declared does not reach its view."""
    paths = json.loads(client.get("/api/v1/schema").content)["paths"]
    declared = {public.path: public.parameters for public in public_paths()}
    for path, methods in paths.items():
        if "get" not in methods or methods["get"]["security"] != [{}]:
            continue
        described = {each["name"] for each in methods["get"].get("parameters", []) if each["in"] == "query"}
        # Facets refuse a wrong `ordering`, though they count the same in any.
        assert declared.get(path, frozenset()) - described <= {"ordering"}, path
        assert described <= declared.get(path, frozenset()), path
        sent = urlencode(dict.fromkeys(sorted(described), "1"))
        for spelling in (path, f"{path}/"):
            key = PublicRequests().key_of(environ_of(spelling.replace("{id}", "7"), sent))
            assert not described or (key and key[:2] == (path, sent)), spelling


@pytest.mark.parametrize(
    ("query", "reduced"),
    [
        ("", ""),
        ("page_size=2", "page_size=2"),
        ("search=чай", "search=%D1%87%D0%B0%D0%B9"),
        ("search=%d1%87%d0%b0%d0%b9", "search=%D1%87%D0%B0%D0%B9"),
        ("search=a+b", "search=a+b"),
        ("search=a%20b", "search=a+b"),
        ("search=", "search="),
        ("search", "search="),
        ("search=%FF", "search=%EF%BF%BD"),
        ("page_size=2&category_id=1", "category_id=1&page_size=2"),
        ("page_size=1&page_size=2", "page_size=2"),
        ("&&page_size=2&", "page_size=2"),
    ],
)
def test_query_is_normalized(query: str, reduced: str) -> None:
    assert key_of(query=query.encode().decode("latin-1"))[1] == reduced
    assert key_of(query=reduced)[1] == reduced


@pytest.mark.parametrize(
    "path", [PRODUCTS, f"{PRODUCTS}/", "/api/v1/categories", "/api/v1/categories/", f"{PRODUCTS}/7", "/api/v1/shop"]
)
@pytest.mark.parametrize("query", ["q=x", "page_size=2&utm_source=x", "_", "tgWebAppStartParam=x", "&=", "q" * 500])
def test_request_with_an_unknown_parameter_has_no_key(path: str, query: str) -> None:
    """It is refused by the view, never answered from the cache."""
    assert PublicRequests().key_of(environ_of(path, query)) is None


@pytest.mark.parametrize("path", ["/api/v1/categories", f"{PRODUCTS}/7"])
def test_long_query_reaches_the_view(path: str) -> None:
    assert key_of(path, "x" * 5000)[1] == "x" * 5000


@pytest.mark.parametrize(
    ("query", "reduced"),
    [("", ""), ("utm_source=x", ""), ("product=7", "view"), ("startapp", "view"), ("sort=&order=1", "view")],
)
def test_storefront_has_two_cache_entries(query: str, reduced: str) -> None:
    assert key_of("/", query)[1] == reduced


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),  # the language of the shop, in these tests
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("de,ru;q=0.5", "ru"),
        ("xx" * 4000, "en"),
        ("ru," + "de," * 2000, "ru"),
        ("\0\xff", "en"),
    ],
)
def test_key_has_the_selected_language(accepted: str, language: str) -> None:
    assert key_of("/", HTTP_ACCEPT_LANGUAGE=accepted)[5] == language
    assert key_of(PRODUCTS, HTTP_ACCEPT_LANGUAGE=accepted)[5] is None


@pytest.mark.parametrize(
    ("variables", "scheme"),
    [
        ({}, "http"),
        ({"wsgi.url_scheme": "https"}, "https"),
        ({"HTTP_X_FORWARDED_PROTO": "https"}, "https"),
        ({"HTTP_X_FORWARDED_PROTO": "https, http"}, "https"),
        ({"HTTP_X_FORWARDED_PROTO": "http"}, "http"),
        ({"HTTP_X_FORWARDED_PROTO": "x" * 8000, "wsgi.url_scheme": "https"}, "http"),
    ],
)
def test_scheme_equals_that_of_django(variables: dict[str, str], scheme: str, settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert key_of(**variables)[3] == scheme


def test_scheme_header_is_ignored_without_a_proxy() -> None:
    assert key_of(HTTP_X_FORWARDED_PROTO="https") == key_of()


def test_redirect_to_https_keeps_the_whole_url(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert PublicRequests().key_of(environ_of("/", "utm_source=x&product=7")) is None
    assert key_of(**{"wsgi.url_scheme": "https"})


def test_other_origins_are_not_in_the_key() -> None:
    assert key_of(HTTP_ORIGIN="https://evil.example") == key_of()
    assert key_of(HTTP_ORIGIN="https://shop.example.org")[4] == "https://shop.example.org"


@pytest.mark.parametrize(
    ("host", "kept"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:80", True),  # the server's own port
        ("shop.example.org", True),
        ("a.example.org", True),
        ("pub.example.net:8443", True),
        ("pub.example.net", True),
        ("pub.example.net:8444", False),
        ("127.0.0.1:080", False),
        ("shop.example.org.", False),
        ("SHOP.example.org", False),
        ("evil.example", False),
        ("a b", False),
        ("", False),
    ],
)
def test_only_hosts_of_the_shop_are_cached(host: str, kept: bool, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "shop.example.org", ".example.org", "pub.example.net"]
    settings.PUBLIC_URL = "https://pub.example.net:8443"
    environ = environ_of(HTTP_HOST=host)
    requests_ = PublicRequests()
    key = requests_.key_of(environ)
    assert key is not None
    assert requests_.may_be_kept(key, environ) is kept


def test_application_gets_only_the_key_of_the_request() -> None:
    sent = {
        "REMOTE_ADDR": "192.0.2.1",
        "HTTP_X_FORWARDED_FOR": "192.0.2.1",
        "SCRIPT_NAME": "/evil",
        "SCRIPT_URL": "/evil",
        "REDIRECT_URL": "/evil",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "5",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ORIGIN": "https://evil.example",
        "HTTP_ACCEPT_LANGUAGE": "de",
        "HTTP_COOKIE": "a=b",
        "HTTP_AUTHORIZATION": "tma x",
        "HTTP_X_FORWARDED_HOST": "evil.example",
        "HTTP_X_FORWARDED_PORT": "1",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_SCRIPT_NAME": "/evil",
        "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE",
        "HTTP_ANYTHING": "evil",
        "REMOTE_USER": "root",
    }
    environ = environ_of("/", "unknown=evil", **sent)
    environ["wsgi.early_hints"] = environ["gunicorn.socket"] = None
    key = key_of("/", "unknown=evil", **sent)
    request = request_for(key, environ)
    wsgi = {"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": "/", "QUERY_STRING": "", "wsgi.url_scheme": "http"}
    headers = {"HTTP_HOST": "127.0.0.1", "HTTP_ACCEPT_LANGUAGE": "en"}
    assert request.pop("wsgi.input").read() == b""
    assert request == {name: environ[name] for name in PASSED if name in environ} | wsgi | headers


@pytest.mark.parametrize(("accepted", "language"), [("ru,en;q=0.5", "ru"), ("de", "en")])
def test_catalog_error_is_in_the_requested_language(accepted: str, language: str) -> None:
    """Of the header, the application gets only the language."""
    environ = environ_of(HTTP_ACCEPT_LANGUAGE=accepted)
    assert request_for(key_of(), environ)["HTTP_ACCEPT_LANGUAGE"] == language


def test_request_for_the_application_is_valid_wsgi() -> None:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b""]

    request = request_for(key_of(), environ_of())
    parts = validator(application)(request, lambda status, headers, exc_info=None: lambda data: None)
    list(parts)
    parts.close()  # type: ignore[attr-defined]  # the validator's iterator has it


# --- Through gunicorn, with the headers of a proxy that passes on what clients send ------------------------

PREFIX = "SCRIPT_NAME: /evil"  # gunicorn has the path begin with it, too
OTHERS = (
    "Script-Name: /evil",
    "PATH_INFO: /evil",
    "REMOTE_USER: evil",
    "X-Forwarded-Host: evil.example",
    "X-Forwarded-Port: 6666",
    "X-Forwarded-Server: evil.example",
    "X-Forwarded-Prefix: /evil",
    "X-Forwarded-Proto: evil",
    "X-Original-URL: /evil",
    "X-Rewrite-URL: /evil",
    "X-HTTP-Method-Override: DELETE",
    "Forwarded: host=evil.example;proto=evil",
    "Origin: https://evil.example",
    "Cookie: django_language=evil",
    "Accept-Language: evil",
    "Authorization: evil",
    "Range: bytes=0-3",
)


def raw_get(url: str, target: str, *headers: str) -> tuple[int, str]:
    """Send a request as it is written; return the status and all of the answer."""
    where = urlsplit(url)
    assert where.hostname
    lines = [f"GET {target} HTTP/1.1", f"Host: {where.netloc}", "Connection: close", *headers]
    with socket.create_connection((where.hostname, where.port or 80), DEADLINE) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    return int(answer.split(" ", 2)[1]), answer


@pytest.mark.django_db(transaction=True)
def test_headers_of_one_client_do_not_change_cached_responses(
    subprocess_env: dict[str, str], make_product: Make, tmp_path: Path
) -> None:
    for _ in range(3):
        product = make_product(images=["a.jpg"])
    # As in production: with DEBUG on the page is not kept.
    production = {"DEBUG": "off", "DJANGO_SETTINGS_MODULE": "e2e.settings", "E2E_FOLDER": str(tmp_path)}
    environment = subprocess_env | production
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
    subprocess.run(collect, cwd=REPOSITORY, env=environment, check=True)
    targets = ["/", f"{PRODUCTS}?page_size=1", f"{PRODUCTS}/{product.pk}", "/api/v1/categories"]
    with web(environment, tmp_path / "web.log") as url:
        expected = {target: requests.get(url + target, timeout=DEADLINE).text.replace(url, "") for target in targets}
    for prefixes, headers in ((("/evil", ""), [PREFIX]), (("",), OTHERS)):
        with web(environment, tmp_path / "web.log") as url:
            for target in targets:
                for prefix in prefixes:
                    raw_get(url, prefix + target, *headers)
            for target in targets:
                answer = requests.get(url + target, timeout=DEADLINE)
                assert (answer.status_code, answer.text.replace(url, "")) == (200, expected[target])
                assert "evil" not in str(answer.headers)


@pytest.mark.django_db(transaction=True)
def test_headers_cannot_set_server_variables(subprocess_env: dict[str, str], tmp_path: Path) -> None:
    """Also for requests that bypass the cache."""
    with web(subprocess_env, tmp_path / "web.log") as url:
        assert raw_get(url, "/evil/health", PREFIX)[0] == 404
        status, answer = raw_get(url, "/admin/", PREFIX, "PATH_INFO: /health")
        assert (status, "evil" in answer) == (302, False)
