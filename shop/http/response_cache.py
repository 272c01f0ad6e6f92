"""In-memory cache of public GET responses, valid until the revision changes."""

import gzip
import hashlib
import re
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from shop.http.public_requests import Key, PublicRequests, request_for

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_BYTES = 32 * 1024 * 1024  # of keys and answers, in each process
# Bytes, at most. Measuring each object took a fiftieth of the time of an answer that is not in memory.
SLOT = 128  # that the dictionary itself takes for an entry
FORM = 512  # of a form, its two lists and its ETag
HEADER = 168  # of a header: a tuple and two strings, without their characters, and its place in the list
WORTH_COMPRESSING = 1024  # bytes

Headers = list[tuple[str, str]]


class Form(NamedTuple):
    """One form of an answer, ready to be sent."""

    headers: Headers
    body: bytes
    etag: str
    # What a 304 repeats (RFC 9110, section 15.4.5).
    headers_if_unchanged: Headers


@dataclass(slots=True)
class Answer:
    """A public answer, plain and, once a client has asked for it so, compressed."""

    plain: Form
    size: int  # bytes
    is_worth_compressing: bool
    compressed: Form | None = None


class ResponseCache:
    """A WSGI application in front of another one: keeps its public answers for as long as the revision stays.

    What says `Cache-Control: public` is kept; everything else passes through as it is.
    """

    def __init__(self, application: "WSGIApplication", revision: Callable[[], str | None]) -> None:
        self._application = application
        self._requests = PublicRequests()
        self._current_revision = revision
        self._lock = threading.Lock()
        self._revision: str | None = None
        self._answers: dict[Key, Answer] = {}
        self._size = 0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from memory, or ask the application."""
        key = self._requests.key_of(environ)
        if key is None:
            return self._application(environ, start_response)
        revision = self._current_revision()
        answer = self._answers.get(key) if revision is not None and revision == self._revision else None
        if answer is None:
            status, headers, body = _ask(self._application, request_for(key, environ))
            if not status.startswith("200") or "public" not in dict(headers).get("Cache-Control", ""):
                start_response(status, headers)
                return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
            answer = _finish(headers, body)
            if self._requests.may_be_kept(key, environ):
                self._keep(revision, key, answer)
        form = answer.plain
        if answer.is_worth_compressing and _takes_gzip(environ):
            form = answer.compressed or self._compress(key, answer)
        return _send(form, environ, start_response)

    def _compress(self, key: Key, answer: Answer) -> Form:
        # Not before a client takes it: that is a tenth of the time of an answer that is not in memory.
        form = _compressed(answer.plain)
        with self._lock:
            if answer.compressed is None:
                answer.compressed = form
                answer.size += _size_of(form)
                if self._answers.get(key) is answer:
                    self._size += _size_of(form)
                    self._make_room()
        return form

    def _keep(self, revision: str | None, key: Key, answer: Answer) -> None:
        # What was read while the revision moved may be of the state before.
        if revision is None or revision != self._current_revision():
            return
        with self._lock:
            if revision != self._revision:
                # The answers go first: a thread that sees the new revision must not find old answers beside it.
                self._answers, self._size = {}, 0
                self._revision = revision
            if key not in self._answers:
                self._answers[key] = answer
                self._size += size_of(key, answer)
                self._make_room()

    def _make_room(self) -> None:
        while self._size > MAX_BYTES:  # the oldest goes
            oldest = next(iter(self._answers))
            self._size -= size_of(oldest, self._answers.pop(oldest))


def size_of(key: Key, answer: Answer) -> int:
    """Return how many bytes an entry takes, with its key; what two entries share is counted in both."""
    return SLOT + sys.getsizeof(key) + sum(map(sys.getsizeof, key)) + answer.size


def _size_of(form: Form) -> int:
    headers = form.headers + form.headers_if_unchanged
    texts = sum(len(name) + len(value) for name, value in headers)
    return sys.getsizeof(form.body) + FORM + HEADER * len(headers) + texts


def _ask(application: "WSGIApplication", environ: "WSGIEnvironment") -> tuple[str, Headers, bytes]:
    """Have the application answer."""
    started: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, exc_info: object = None) -> Callable[[bytes], object]:
        started.append((status, headers))
        return lambda data: None

    parts = application(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close:
            close()
    status, headers = started[-1]
    return status, headers, body


def _finish(headers: Headers, body: bytes) -> Answer:
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    is_large = len(body) >= WORTH_COMPRESSING
    if is_large:
        varied = [(name, f"{value}, Accept-Encoding" if name == "Vary" else value) for name, value in headers]
        if "Vary" not in dict(headers):
            varied.append(("Vary", "Accept-Encoding"))
        headers = varied
    plain = _form(headers, body, etag)
    return Answer(plain, _size_of(plain), is_large)


def _compressed(plain: Form) -> Form:
    # Nothing in a public answer is secret, so its length may tell what it likes (BREACH).
    headers = [(name, value) for name, value in plain.headers if name != "ETag"]
    etag = f'{plain.etag[:-1]}-gzip"'
    return _form([*headers, ("Content-Encoding", "gzip")], gzip.compress(plain.body, 6, mtime=0), etag)


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


def _send(form: Form, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    asked_for = environ.get("HTTP_IF_NONE_MATCH")
    if asked_for and (asked_for.strip() == "*" or form.etag in re.findall(r'"[^"]*"', asked_for)):
        start_response("304 Not Modified", list(form.headers_if_unchanged))
        return []
    start_response("200 OK", list(form.headers))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [form.body]


def _takes_gzip(environ: "WSGIEnvironment") -> bool:
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    return bool(re.search(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", accepted))
