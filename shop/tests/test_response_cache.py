"""Response cache: hits, invalidation by revision, memory limit; changes of the revision: test_revision.py."""

import gzip
import tracemalloc
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from conftest import Headers, JSONClient, Make
from shop.http import response_cache
from shop.http.response_cache import ResponseCache, size_of

LONG = b"x" * 5000
PUBLIC = [("Content-Type", "text/plain"), ("Cache-Control", "public, max-age=0"), ("Vary", "origin")]


@dataclass
class Application:
    """What is behind the cache; answers what it is told to and counts what it is asked."""

    status: str = "200 OK"
    headers: list[tuple[str, str]] = field(default_factory=lambda: list(PUBLIC))
    body: bytes = b"short"
    asked: list[str] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    revision: str | None = "r1"

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ["REQUEST_METHOD"])
        self.heard.append(environ)
        start_response(self.status, [*self.headers, ("Content-Length", str(len(self.body)))])
        return [self.body]


@dataclass(frozen=True)
class Got:
    """An answer as a client gets it."""

    status: str
    headers: dict[str, str]
    body: bytes


@pytest.fixture
def behind() -> Application:
    return Application()


@pytest.fixture
def cache(behind: Application) -> ResponseCache:
    return ResponseCache(behind, lambda: behind.revision)


def ask(cache: ResponseCache, path: str = "/api/v1/products", method: str = "GET", **variables: str) -> Got:
    """Send a request, with both sides of the cache held to the letter of WSGI."""
    environ: dict[str, Any] = {
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "REQUEST_METHOD": method,
        "QUERY_STRING": "",
        **variables,
    }
    setup_testing_defaults(environ)
    environ["wsgi.input"] = BytesIO()
    started: list[Any] = []

    def start_response(status: str, headers: Any, exc_info: Any = None) -> Any:
        started.append((status, dict(headers)))
        return lambda data: None

    parts = validator(cache)(environ, start_response)
    body = b"".join(parts)
    parts.close()  # type: ignore[attr-defined]  # the validator's iterator has it
    status, headers = started[0]
    return Got(status, headers, body)


def test_second_response_comes_from_the_cache(cache: ResponseCache, behind: Application) -> None:
    first, second = ask(cache), ask(cache)
    assert (first, behind.asked) == (second, ["GET"])
    assert first.headers == {
        "Content-Type": "text/plain",
        "Cache-Control": "public, max-age=0",
        "Vary": "origin",
        "Content-Length": "5",
        "ETag": first.headers["ETag"],
    }


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/api/v1/products/7"},
        {"QUERY_STRING": "page_size=1"},
        {"HTTP_HOST": "localhost"},
        {"HTTP_ORIGIN": "https://shop.example.org"},
        {"wsgi.url_scheme": "https"},
    ],
    ids=str,
)
def test_each_input_of_the_response_is_part_of_the_key(
    cache: ResponseCache, behind: Application, other: dict[str, str]
) -> None:
    ask(cache)
    ask(cache, **other)
    assert len(behind.asked) == 2
    ask(cache, **other)
    assert len(behind.asked) == 2


def test_page_is_cached_by_language_and_the_catalog_is_not(cache: ResponseCache, behind: Application) -> None:
    for language in ("ru", "en", "ru", "en"):
        ask(cache, "/", HTTP_ACCEPT_LANGUAGE=language)
    assert len(behind.asked) == 2
    for language in ("ru", "en"):
        ask(cache, HTTP_ACCEPT_LANGUAGE=language)
    assert len(behind.asked) == 3


def test_cached_response_is_independent_of_the_client(cache: ResponseCache, behind: Application) -> None:
    of_one = {"HTTP_COOKIE": "django_language=ru", "HTTP_ACCEPT_ENCODING": "gzip", "HTTP_IF_NONE_MATCH": '"a"'}
    ask(cache, **of_one)
    assert behind.heard
    assert not behind.heard[0].keys() & of_one.keys()


def test_new_revision_invalidates_the_cache(cache: ResponseCache, behind: Application) -> None:
    assert ask(cache).body == b"short"
    behind.revision, behind.body = "r2", b"new"
    assert [ask(cache).body for _ in range(2)] == [b"new"] * 2
    assert len(behind.asked) == 2


def test_unknown_revision_disables_the_cache(cache: ResponseCache, behind: Application) -> None:
    ask(cache)
    behind.revision = None
    for _ in range(3):
        ask(cache)
    assert len(behind.asked) == 4


def test_response_is_not_cached_if_the_revision_changed_meanwhile(behind: Application) -> None:
    revisions = iter(["r1", "r2", "r2", "r2", "r2"])
    cache = ResponseCache(behind, lambda: next(revisions))
    ask(cache)  # begun at r1, done at r2: it may be of either
    ask(cache)
    ask(cache)
    assert len(behind.asked) == 2


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("404 Not Found", PUBLIC),
        ("429 Too Many Requests", PUBLIC),
        ("200 OK", [("Content-Type", "text/plain"), ("Cache-Control", "no-store")]),
        ("200 OK", [("Content-Type", "text/plain")]),
    ],
)
def test_private_and_failed_responses_are_not_cached(
    cache: ResponseCache, behind: Application, status: str, headers: list[tuple[str, str]]
) -> None:
    behind.status, behind.headers = status, headers
    got = [ask(cache) for _ in range(2)]
    assert [(each.status, each.body) for each in got] == [(status, b"short")] * 2
    assert "ETag" not in got[0].headers
    assert len(behind.asked) == 2
    assert ask(cache, method="HEAD").body == b""


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/v1/products"), ("GET", "/api/v1/orders/my"), ("POST", "/"), ("GET", "/admin/")]
)
def test_other_requests_bypass_the_cache(cache: ResponseCache, behind: Application, method: str, path: str) -> None:
    for _ in range(2):
        ask(cache, path, method)
    assert behind.asked == [method] * 2


def test_head_is_served_from_the_get_without_body(cache: ResponseCache, behind: Application) -> None:
    head, get = ask(cache, method="HEAD"), ask(cache)
    assert (head.headers, head.body, get.body) == (get.headers, b"", b"short")
    assert behind.asked == ["GET"]


# --- Conditional requests and compression -----------------------------------------------------------------


def test_matching_etag_is_a_304(cache: ResponseCache) -> None:
    etag = ask(cache).headers["ETag"]
    got = ask(cache, HTTP_IF_NONE_MATCH=f'"other", W/{etag}')
    assert (got.status, got.body) == ("304 Not Modified", b"")
    assert got.headers == {"Cache-Control": "public, max-age=0", "Vary": "origin", "ETag": etag}
    assert ask(cache, HTTP_IF_NONE_MATCH="*").status == "304 Not Modified"
    assert ask(cache, HTTP_IF_NONE_MATCH='"other"').status == "200 OK"


def test_etag_changes_with_the_body(cache: ResponseCache, behind: Application) -> None:
    etag = ask(cache).headers["ETag"]
    behind.revision, behind.body = "r2", b"new"
    got = ask(cache, HTTP_IF_NONE_MATCH=etag)
    assert (got.status, got.body) == ("200 OK", b"new")


@pytest.mark.parametrize("accepts", ["gzip", "deflate, gzip;q=0.5, br", "gzip;q=1.0"])
def test_large_response_is_compressed_if_accepted(cache: ResponseCache, behind: Application, accepts: str) -> None:
    behind.body = LONG
    plain, packed = ask(cache), ask(cache, HTTP_ACCEPT_ENCODING=accepts)
    assert (plain.body, gzip.decompress(packed.body), len(behind.asked)) == (LONG, LONG, 1)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Length"] == str(len(packed.body))
    assert plain.headers["Vary"] == packed.headers["Vary"] == "origin, Accept-Encoding"
    assert plain.headers["ETag"] != packed.headers["ETag"]  # a strong one is for these very bytes
    assert ask(cache, HTTP_IF_NONE_MATCH=plain.headers["ETag"], HTTP_ACCEPT_ENCODING=accepts).status == "200 OK"


@pytest.mark.parametrize("accepts", ["", "br", "gzip;q=0", "gzip; q=0.0, br", "xgzip"])
def test_large_response_is_plain_without_gzip(cache: ResponseCache, behind: Application, accepts: str) -> None:
    behind.body = LONG
    got = ask(cache, HTTP_ACCEPT_ENCODING=accepts)
    assert got.body == LONG
    assert "Content-Encoding" not in got.headers


def test_memory_is_limited_and_the_oldest_entry_is_dropped(
    cache: ResponseCache, behind: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(response_cache, "MAX_BYTES", 25_000)
    behind.body = LONG  # some 8 KB each, with headers and the compressed form
    for number in range(3):
        ask(cache, QUERY_STRING=f"search={number}")
        ask(cache, QUERY_STRING=f"search={number}", HTTP_ACCEPT_ENCODING="gzip")
    ask(cache, QUERY_STRING="search=2")
    assert len(behind.asked) == 3
    ask(cache, QUERY_STRING="search=0")
    assert len(behind.asked) == 4
    assert cache._size == sum(size_of(key, answer) for key, answer in cache._answers.items())


# --- Attacks on the memory --------------------------------------------------------------------------------

HEADERS = ("HTTP_ORIGIN", "HTTP_X_FORWARDED_PROTO", "HTTP_ACCEPT_LANGUAGE", "HTTP_X_FORWARDED_HOST", "HTTP_COOKIE")


def hostile(number: int) -> dict[str, str]:
    """Make a request that differs from all others in what no view reads, with free text up to gunicorn's limits.

    Unknown parameters are for the page only: the API refuses them.
    """
    text = f"{number}".ljust(8000, "x")
    noise = dict.fromkeys(HEADERS, text)
    path = ("/", "/api/v1/products", "/api/v1/products/7", "/api/v1/categories")[number % 4]
    return {"path": path, "QUERY_STRING": f"unknown={number}" if path == "/" else "", **noise}


def test_unread_parameters_and_headers_create_no_entry(cache: ResponseCache, behind: Application) -> None:
    for number in range(400):
        ask(cache, **hostile(number))
    assert len(behind.asked) == 4


@pytest.mark.parametrize("query", ["unknown=1", "page_size=1&unknown=1", "unknown=" + "x" * 500])
@pytest.mark.parametrize("path", ["/api/v1/products", "/api/v1/products/7", "/api/v1/categories"])
def test_unknown_parameter_is_neither_answered_from_the_cache_nor_kept(
    cache: ResponseCache, behind: Application, path: str, query: str
) -> None:
    ask(cache, path)
    for _ in range(2):
        ask(cache, path, QUERY_STRING=query)
    assert [environ["QUERY_STRING"] for environ in behind.heard] == ["", query, query]
    assert len(cache._answers) == 1


@pytest.mark.parametrize(
    "request_",
    [
        {"HTTP_HOST": "127.0.0.1:12345"},
        {"HTTP_HOST": "LOCALHOST"},
        {"HTTP_HOST": "evil.example"},
        {"QUERY_STRING": "search=" + "x" * 500},
    ],
    ids=str,
)
def test_requests_with_unlimited_spellings_are_not_cached(
    cache: ResponseCache, behind: Application, request_: dict[str, str]
) -> None:
    got = [ask(cache, **request_) for _ in range(2)]
    assert (got[0].status, got[0].body, "ETag" in got[0].headers) == ("200 OK", b"short", True)
    assert len(behind.asked) == 2
    assert cache._size == 0


@pytest.mark.slow
def test_24000_hostile_requests_stay_within_the_memory_limit(cache: ResponseCache, behind: Application) -> None:
    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    behind.body = b"x" * 1000

    def send(path: str = "/api/v1/products", **variables: str) -> None:
        b"".join(cache(environ | {"PATH_INFO": path, **variables}, lambda status, headers: None))
        behind.asked.clear()
        behind.heard.clear()

    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number in range(12_000):
            send(**hostile(number))
            send(QUERY_STRING=f"search={number}".ljust(400, "x"))
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # What was counted is what is there, and both are under the bound; without it there would be 45 MB of searches.
    assert cache._size == sum(response_cache.size_of(*entry) for entry in cache._answers.items())
    assert 0.9 * response_cache.MAX_BYTES < cache._size <= response_cache.MAX_BYTES
    memo = 2 * 1024**2  # of the queries and languages that were seen last
    assert after - before < response_cache.MAX_BYTES + memo


# --- Cache-Control of the API -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_catalog_is_public_and_must_be_revalidated(client: JSONClient, make_product: Make) -> None:
    product = make_product()
    for path in ("/api/v1/products", "/api/v1/categories", f"/api/v1/products/{product.pk}"):
        assert client.get(path)["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.django_db
def test_other_responses_are_no_store(client: JSONClient, alice: Headers) -> None:
    answers = [
        client.get("/api/v1/users/me", **alice),
        client.get("/api/v1/orders/my", **alice),
        client.get("/api/v1/users/me"),
        client.get("/api/v1/products/1"),
        client.get("/api/v1/products?page_size=0"),
        client.get("/api/nothing"),
        client.post("/api/v1/orders", {"items": []}, **alice),
    ]
    assert [answer["Cache-Control"] for answer in answers] == ["no-store"] * len(answers)
