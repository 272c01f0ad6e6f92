"""Sign-in of demo customers without Telegram: only with DEBUG on, for requests from the same machine."""

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

# Not a valid id: those of Telegram are below 2**40. So no message can reach a real user.
CUSTOMER = {"id": 4000000000000042, "first_name": "Демо", "last_name": "Покупатель"}

LOOPBACK_ADDRESSES = {"127.0.0.1", "::1"}
LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
# Headers of proxies and tunnels (nginx, ngrok, cloudflared, …), which connect from loopback for other machines.
PROXY_HEADERS = ("HTTP_X_FORWARDED", "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_CF_")


def visit(request: HttpRequest) -> str | None:
    """Return init data of the demo customer for the storefront's page, None if the request may not use it."""
    return sign(CUSTOMER) if key_for(request) else None


def sign(user: Mapping[str, Any]) -> str:
    """Return init data of a user, signed with the demo's key.

    :param user: the fields that Telegram reports of a person.
    """
    fields = {"auth_date": str(int(time.time())), "user": json.dumps(user, ensure_ascii=False)}
    return init_data.sign(fields, _key())


def key_for(request: HttpRequest) -> str | None:
    """Return the demo's key if init data of this request may be signed with it; None if not."""
    return _key() if settings.DEBUG and _starts_here(request) else None


def _key() -> str:
    # Not the bot's token: init data signed with it is accepted by all shops of the bot, also in production.
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
