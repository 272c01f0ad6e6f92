"""Configuration from environment variables: every value is validated, and an error names the variable in one line.

A `.env` file beside `manage.py` supplies variables that the environment does not have.
"""

import os
import re
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

T = TypeVar("T")


def required(name: str, parse: Callable[[str], T], hint: str) -> T:
    """Read a required value.

    :raises ImproperlyConfigured: if it is missing (the message ends with `hint`) or wrong.
    """
    raw = os.environ.get(name, "").strip()
    if not raw:
        raise ImproperlyConfigured(f"{name}: is not set; {hint}")
    return _parsed(name, parse, raw)


def optional(name: str, parse: Callable[[str], T], default: T) -> T:
    """Read a value that has a default; an empty value counts as not set.

    :raises ImproperlyConfigured: if it is set and wrong.
    """
    raw = os.environ.get(name, "").strip()
    return _parsed(name, parse, raw) if raw else default


def _parsed(name: str, parse: Callable[[str], T], raw: str) -> T:
    try:
        return parse(raw)
    except (ValueError, ValidationError) as error:
        # The parsers' messages never contain the value: it may be a secret.
        sentence = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        raise ImproperlyConfigured(f"{name}: {sentence}") from None


def text(raw: str) -> str:
    """Return the value unchanged."""
    return raw


def boolean(raw: str) -> bool:
    """Parse on/off, true/false, yes/no, 1/0."""
    if raw.lower() in {"1", "true", "yes", "on"}:
        return True
    if raw.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError("write on or off")


def integer(minimum: int, maximum: int) -> Callable[[str], int]:
    """Return a parser of whole numbers from `minimum` to `maximum`."""

    def parse(raw: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", raw) or not minimum <= int(raw) <= maximum:
            raise ValueError(f"write a whole number from {minimum} to {maximum}")
        return int(raw)

    return parse


def matching(pattern: str, sentence: str) -> Callable[[str], str]:
    """Return a parser of texts that match `pattern` as a whole; `sentence` is the error message."""

    def parse(raw: str) -> str:
        if not re.fullmatch(pattern, raw):
            raise ValueError(sentence)
        return raw

    return parse


def comma_separated(parse: Callable[[str], T]) -> Callable[[str], list[T]]:
    """Return a parser of comma-separated lists."""

    def parse_all(raw: str) -> list[T]:
        parts = [parse(part.strip()) for part in raw.split(",") if part.strip()]
        if not parts:
            raise ValueError("there is nothing between the commas")
        return parts

    return parse_all


def http_url(raw: str) -> str:
    """Parse a URL; a trailing slash is removed."""
    try:
        parts = urlsplit(raw)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or any(character.isspace() for character in raw):
        raise ValueError("write an address such as https://shop.example.org")
    return raw.rstrip("/")


def postgresql_url(raw: str) -> str:
    """Parse the URL of a PostgreSQL database, the only supported engine."""
    try:
        parts = urlsplit(raw)
        good = parts.scheme in {"postgres", "postgresql"} and len(parts.path) > 1 and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise ValueError("write it such as postgresql://user:password@host:5432/name; only PostgreSQL will do")
    return raw


def origin(raw: str) -> str:
    """Parse an origin (RFC 6454): scheme and host, no path."""
    url = http_url(raw)
    if urlsplit(url).path or urlsplit(url).query:
        raise ValueError("write origins such as https://shop.example.org, without a path")
    return url


def media_url(raw: str) -> str:
    """Parse MEDIA_URL, a path of the shop or a URL; a trailing slash is added."""
    if "://" in raw:
        url = http_url(raw)
        if urlsplit(url).query or urlsplit(url).fragment:
            raise ValueError("write an address without ? and #, such as https://cdn.example.org/")
        return f"{url}/"
    name = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
    if not re.fullmatch(f"/?{name}(/{name})*/?", raw):
        raise ValueError("write a path such as media/, or an address such as https://cdn.example.org/")
    return f"{raw.rstrip('/')}/"


def time_zone(raw: str) -> str:
    """Parse the name of a time zone (IANA)."""
    try:
        return ZoneInfo(raw).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ValueError("write the name of a time zone, such as Europe/Moscow") from None


def email(raw: str) -> str:
    """Parse one e-mail address."""
    try:
        validate_email(raw)
    except ValidationError:
        raise ValueError("write e-mail addresses such as owner@example.org") from None
    return raw


def rate(name: str, default: str) -> str | None:
    """Read a rate limit such as `60/min`; an empty value switches the limit off.

    :raises ImproperlyConfigured: if it is neither a rate nor empty.
    """
    raw = os.environ.get(name, default).strip()
    parse = matching(r"[1-9][0-9]{0,6}/(s|sec|m|min|h|hour|d|day)", "write a rate such as 60/min, or nothing")
    return _parsed(name, parse, raw) if raw else None
