"""Sign-in of made-up customers, for a developer's own machine: with DEBUG on, and for requests that start there."""

import json
import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.crypto import salted_hmac

from accounts import init_data

# Telegram's ids end below 2**40: no person has this one, and so none is ever written to in its place.
CUSTOMER = {"id": 4000000000000042, "first_name": "Демо", "last_name": "Покупатель"}

LOOPBACK_ADDRESSES = {"127.0.0.1", "::1"}
LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
# Headers that proxies and tunnels (nginx, ngrok, cloudflared, …) add: they connect from loopback for other machines.
PROXY_HEADERS = ("HTTP_X_FORWARDED", "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_CF_")


def visit(request: HttpRequest) -> str | None:
    """Return init data of the demo customer for the storefront's page, None if the request may not use it."""
    return sign(CUSTOMER) if key_for(request) else None


def sign(user: Mapping[str, Any]) -> str:
    """Sign a person in as Telegram would, but with the demo's key.

    :param user: the fields that Telegram reports of a person.
    """
    fields = {"auth_date": str(int(time.time())), "user": json.dumps(user, ensure_ascii=False)}
    return init_data.sign(fields, _key())


def key_for(request: HttpRequest) -> str | None:
    """Return the key of init data that this request may use beside the bot's token; None if it may use none."""
    return _key() if settings.DEBUG and _starts_here(request) else None


def _key() -> str:
    # Not the bot's token: what that signs is believed by all shops with the bot, the one in production included.
    if not settings.DEBUG:
        raise ImproperlyConfigured("DEBUG: is off, and the demo's key is for DEBUG on only")
    return salted_hmac("demo", "init data", algorithm="sha256").hexdigest()


def _starts_here(request: HttpRequest) -> bool:
    host, _port = split_domain_port(request.META.get("HTTP_HOST", "").lower())
    return (
        request.META.get("REMOTE_ADDR") in LOOPBACK_ADDRESSES
        and host in LOOPBACK_HOSTS
        and not any(name.startswith(PROXY_HEADERS) for name in request.META)
    )
