"""DRF authentication by Mini App init data: `Authorization: tma <init data>`."""

import time
from functools import partial

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts import init_data
from accounts.models import User
from accounts.services import sign_in


class InitDataAuthentication(BaseAuthentication):
    """Authenticate a customer by signed init data: a request is authenticated or refused, never anonymous."""

    def authenticate(self, request: Request) -> tuple[User, None]:
        """Return the customer.

        :raises AuthenticationFailed: with the code of the refusal; the message never contains the header.
        :raises PermissionDenied: if staff have deactivated this customer.
        """
        scheme, __, raw = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        try:
            telegram_user = _verify(raw.strip() if scheme.lower() == "tma" else "", request)
        except init_data.InitDataError as error:
            raise AuthenticationFailed(str(error), code=error.code) from None
        user = sign_in(telegram_user=telegram_user, now=timezone.now())
        if not user.is_active:
            raise PermissionDenied(_("This account is switched off; write to the shop."), code="account_disabled")
        return user, None

    def authenticate_header(self, request: Request) -> str:
        """Return the scheme for WWW-Authenticate."""
        return "tma"


def _verify(raw: str, request: Request) -> init_data.TelegramUser:
    verify = partial(init_data.verify, raw, now=int(time.time()), ttl=settings.TELEGRAM_INIT_DATA_TTL)
    try:
        return verify(bot_token=settings.TELEGRAM_BOT_TOKEN)
    except init_data.BadHash:
        demo_key = import_string(settings.DEMO_INIT_DATA_KEY)(request) if settings.DEMO_INIT_DATA_KEY else None
        if demo_key is None:
            raise
        return verify(bot_token=demo_key)


class InitDataScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # drf-spectacular's base has no types
    """OpenAPI security scheme of InitDataAuthentication."""

    target_class = InitDataAuthentication
    name = "tma"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Describe the header as an API key: OpenAPI has no closer type for a custom scheme."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`tma ` followed by `Telegram.WebApp.initData`, unchanged. To try the API in a demo shop: "
            "`DEBUG=on .venv/bin/python manage.py init_data --user-id 42 --first-name Anna`.",
        }
