"""Django's session, authentication and message middlewares, skipped for requests to the API."""

from collections.abc import Awaitable

from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin


def asks_the_api(request: HttpRequest) -> bool:
    """Return whether the request is for the API."""
    return request.path_info.startswith("/api/")


class PagesOnly(MiddlewareMixin):
    """Middleware that is skipped for requests to the API."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Run the middleware, or skip it."""
        return self.get_response(request) if asks_the_api(request) else super().__call__(request)


class SessionMiddleware(PagesOnly, sessions.SessionMiddleware):
    """Sessions of staff."""


class AuthenticationMiddleware(PagesOnly, auth.AuthenticationMiddleware):
    """Users of sessions."""


class MessageMiddleware(PagesOnly, messages.MessageMiddleware):
    """Messages for the next page."""
