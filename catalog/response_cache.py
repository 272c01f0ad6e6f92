"""What the catalogue says in public, answered from memory while it is true."""

import gzip
import hashlib
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

API = ("/api/v1/products", "/api/v1/categories")
STOREFRONT = "/"
# All of a request that an answer may depend on: addresses of pictures have the host in them, CORS looks at the origin.
KEY = ("PATH_INFO", "QUERY_STRING", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "wsgi.url_scheme", "HTTP_ORIGIN")
# Not passed on: the answer is to be good for all, whole and plain.
DROPPED = ("HTTP_COOKIE", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH")
MAX_BYTES = 32 * 1024 * 1024  # in each process
WORTH_COMPRESSING = 1024  # bytes

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Form:
    """One form of an answer, ready to be sent."""

    headers: Headers
    body: bytes
    etag: str
    # What a 304 repeats (RFC 9110, section 15.4.5).
    headers_if_unchanged: Headers


@dataclass(frozen=True)
class Answer:
    """A public answer, plain and (if that is worth it) compressed."""

    plain: Form
    compressed: Form | None
    size: int


class ResponseCache:
    """A WSGI application in front of another one: keeps its public answers for as long as the revision stays.

    What says `Cache-Control: public` is kept; everything else passes through as it is.
    """

    def __init__(self, application: "WSGIApplication", revision: Callable[[], str | None]) -> None:
        self._application = application
        self._current_revision = revision
        self._lock = threading.Lock()
        self._revision: str | None = None
        self._answers: dict[tuple[str | None, ...], Answer] = {}
        self._size = 0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from memory, or ask the application."""
        key = _key(environ)
        if key is None:
            return self._application(environ, start_response)
        revision = self._current_revision()
        answer = self._answers.get(key) if revision is not None and revision == self._revision else None
        if answer is None:
            status, headers, body = _ask(self._application, environ)
            if not status.startswith("200") or "public" not in dict(headers).get("Cache-Control", ""):
                start_response(status, headers)
                return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
            answer = _finish(headers, body)
            self._keep(revision, key, answer)
        return _send(answer, environ, start_response)

    def _keep(self, revision: str | None, key: tuple[str | None, ...], answer: Answer) -> None:
        # What was read while the revision moved may be of the state before.
        if revision is None or revision != self._current_revision():
            return
        with self._lock:
            if revision != self._revision:
                self._revision, self._answers, self._size = revision, {}, 0
            if key not in self._answers:
                self._answers[key] = answer
                self._size += answer.size
            while self._size > MAX_BYTES:  # the oldest goes
                self._size -= self._answers.pop(next(iter(self._answers))).size


def _key(environ: "WSGIEnvironment") -> tuple[str | None, ...] | None:
    """Return what an answer to a request is kept under; None if none is."""
    path = environ["PATH_INFO"]
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not (path == STOREFRONT or path.startswith(API)):
        return None
    names = (*KEY, "HTTP_ACCEPT_LANGUAGE") if path == STOREFRONT else KEY
    return tuple(environ.get(name) for name in names)


def _ask(application: "WSGIApplication", environ: "WSGIEnvironment") -> tuple[str, Headers, bytes]:
    """Have the application answer; a HEAD is asked as a GET, because its answer has the same headers."""
    started: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, exc_info: object = None) -> Callable[[bytes], object]:
        started.append((status, headers))
        return lambda data: None

    asked = {name: value for name, value in environ.items() if name not in DROPPED}
    parts = application(asked | {"REQUEST_METHOD": "GET"}, start_response)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close:
            close()
    status, headers = started[-1]
    return status, headers, body


def _finish(headers: Headers, body: bytes) -> Answer:
    digest = hashlib.sha256(body).hexdigest()[:32]
    if len(body) < WORTH_COMPRESSING:
        plain = _form(headers, body, f'"{digest}"')
        return Answer(plain, None, _size(plain))
    varied = [(name, f"{value}, Accept-Encoding" if name == "Vary" else value) for name, value in headers]
    if "Vary" not in dict(headers):
        varied.append(("Vary", "Accept-Encoding"))
    plain = _form(varied, body, f'"{digest}"')
    # Nothing in a public answer is secret, so its length may tell what it likes (BREACH).
    compressed = _form([*varied, ("Content-Encoding", "gzip")], gzip.compress(body, mtime=0), f'"{digest}-gzip"')
    return Answer(plain, compressed, _size(plain) + _size(compressed))


def _form(headers: Headers, body: bytes, etag: str) -> Form:
    kept = [(name, value) for name, value in headers if name != "Content-Length"]
    return Form(
        headers=[*kept, ("Content-Length", str(len(body))), ("ETag", etag)],
        body=body,
        etag=etag,
        headers_if_unchanged=[
            *((name, value) for name, value in kept if not name.startswith("Content-")),
            ("ETag", etag),
        ],
    )


def _size(form: Form) -> int:
    return len(form.body) + 2048  # with headers and key, whatever they really take


def _send(answer: Answer, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    form = answer.compressed if answer.compressed and _takes_gzip(environ) else answer.plain
    asked_for = environ.get("HTTP_IF_NONE_MATCH")
    if asked_for and (asked_for.strip() == "*" or form.etag in re.findall(r'"[^"]*"', asked_for)):
        start_response("304 Not Modified", list(form.headers_if_unchanged))
        return []
    start_response("200 OK", list(form.headers))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [form.body]


def _takes_gzip(environ: "WSGIEnvironment") -> bool:
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    return bool(re.search(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", accepted))
