"""Signing and verification of Telegram Mini App init data.

Pure functions: no models, no settings, and the clock is passed in.
Source of the rules: https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

from django.utils.translation import gettext as _

MAX_LENGTH = 4096
MAX_CLOCK_SKEW = 60  # seconds that auth_date may be ahead of our clock
MAX_USER_ID = 2**52 - 1  # "at most 52 significant bits"


class InitDataError(Exception):
    """Base class of refused init data. Messages never contain the data: it is a credential."""

    code = "init_data_malformed"


class Missing(InitDataError):
    """The request has no init data."""

    code = "init_data_missing"


class Malformed(InitDataError):
    """Init data is not in the format that Telegram sends."""


class BadHash(InitDataError):
    """Init data was not signed with this bot's token."""

    code = "init_data_bad_hash"


class Expired(InitDataError):
    """Init data was signed too long ago."""

    code = "init_data_expired"


class FromFuture(InitDataError):
    """The signing time of init data is in the future."""

    code = "init_data_from_future"


class NoUser(InitDataError):
    """Init data is genuine but has no user."""

    code = "init_data_no_user"


@dataclass(frozen=True)
class TelegramUser:
    """User of the Mini App as Telegram reports them; a missing text is ""."""

    id: int
    first_name: str = ""
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    photo_url: str = ""
    is_premium: bool = False
    allows_write_to_pm: bool = False


def sign(fields: Mapping[str, str], bot_token: str) -> str:
    """Sign fields as Telegram does; return init data for the Authorization header."""
    return urlencode({**fields, "hash": _hash_of(fields, bot_token)})


def verify(init_data: str, *, bot_token: str, now: int, ttl: int) -> TelegramUser:
    """Verify init data and return its user.

    :param now: the time in seconds since the epoch.
    :param ttl: the age in seconds from which init data is refused.
    :raises InitDataError: one of its subclasses, each with its own code.
    """
    auth_date, user = _signed(init_data, bot_token)
    _check_age(auth_date, now=now, ttl=ttl)
    return user


# A client sends the same init data with each request for hours. Refused init data is not cached.
@lru_cache(maxsize=1024)
def _signed(init_data: str, bot_token: str) -> tuple[str, TelegramUser]:
    """Return auth_date and the user of genuine init data of any age."""
    fields = parse(init_data)
    received = fields.pop("hash", "")
    if not re.fullmatch(r"[0-9a-f]{64}", received):
        raise Malformed(_("The hash is missing, or is not 64 lower-case hex digits."))
    # With an empty token, anyone can compute the hash.
    if not bot_token or not hmac.compare_digest(_hash_of(fields, bot_token).encode(), received.encode()):
        raise BadHash(_("The hash does not fit: this was not signed for this bot."))
    return fields.get("auth_date", ""), _user(fields.get("user"))


def parse(init_data: str) -> dict[str, str]:
    """Decode init data (a query string) once and strictly, hash included.

    :raises InitDataError: if it is empty, too long, not UTF-8, has a pair without `=` or a key twice.
    """
    if not init_data:
        raise Missing(_("There is no init data: open the shop from Telegram."))
    if len(init_data) > MAX_LENGTH:
        raise Malformed(_("Init data is longer than %(limit)s characters.") % {"limit": MAX_LENGTH})
    fields: dict[str, str] = {}
    for pair in init_data.split("&"):
        raw_key, equals, raw_value = pair.partition("=")
        if not equals:
            raise Malformed(_("A pair has no `=`."))
        try:
            key, value = (unquote_to_bytes(raw.replace("+", " ")).decode() for raw in (raw_key, raw_value))
        except UnicodeError:
            raise Malformed(_("Init data is not UTF-8.")) from None
        if key in fields:
            # Parsers differ in which of two values they take.
            raise Malformed(_("Duplicate key in init data."))
        fields[key] = value
    return fields


def _hash_of(fields: Mapping[str, str], bot_token: str) -> str:
    check_string = "\n".join(f"{key}={fields[key]}" for key in sorted(fields))
    secret = hmac.digest(b"WebAppData", bot_token.encode(), hashlib.sha256)
    return hmac.new(secret, check_string.encode(), hashlib.sha256).hexdigest()


def _check_age(auth_date: str, *, now: int, ttl: int) -> None:
    if not re.fullmatch(r"[0-9]{1,15}", auth_date):
        raise Malformed(_("auth_date is missing, or is not a whole number."))
    if int(auth_date) > now + MAX_CLOCK_SKEW:
        raise FromFuture(_("auth_date is in the future: a clock is wrong."))
    if int(auth_date) < now - ttl:
        raise Expired(_("Init data is too old: close the shop and open it again."))


def _user(raw: str | None) -> TelegramUser:
    if raw is None:
        raise NoUser(_("Init data names no user."))
    try:
        user: Any = json.loads(raw)
    except (ValueError, RecursionError):
        raise Malformed(_("user is not JSON.")) from None
    if not isinstance(user, dict):
        raise Malformed(_("user is not an object."))
    user_id = user.get("id")
    if type(user_id) is not int or not 0 < user_id <= MAX_USER_ID:
        raise Malformed(_("user.id is not a whole number of at most 52 bits."))
    texts = {name: _text(user, name) for name in ("first_name", "last_name", "username", "language_code", "photo_url")}
    return TelegramUser(
        id=user_id,
        **texts,
        is_premium=user.get("is_premium") is True,
        allows_write_to_pm=user.get("allows_write_to_pm") is True,
    )


def _text(user: dict[str, Any], name: str) -> str:
    value = user.get(name, "")
    # PostgreSQL stores neither lone surrogates nor NUL.
    if not isinstance(value, str) or "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise Malformed(_("user.%(name)s is not a text.") % {"name": name})
    return value
