"""Django's middlewares for what only pages have: sessions and messages. Requests for the API are not kept waiting."""

from collections.abc import Awaitable

from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin


def asks_the_api(request: HttpRequest) -> bool:
    """Tell whether a program asks, not a person with a browser."""
    return request.path_info.startswith("/api/")


class PagesOnly(MiddlewareMixin):
    """Leave requests for the API alone."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Do what the middleware does, or hand the request on."""
        return self.get_response(request) if asks_the_api(request) else super().__call__(request)


class SessionMiddleware(PagesOnly, sessions.SessionMiddleware):
    """Sessions of staff."""


class AuthenticationMiddleware(PagesOnly, auth.AuthenticationMiddleware):
    """Who of the staff it is."""


class MessageMiddleware(PagesOnly, messages.MessageMiddleware):
    """Words for the next page."""
