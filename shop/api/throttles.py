"""Rate limits of the API, per address and per customer. Rates come from the configuration; an empty one is off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

from shop.api.windows import ProcessWindows, RedisWindows, Windows
from shop.http.client_address import client_address

if TYPE_CHECKING:  # rest_framework.views imports this module
    from rest_framework.views import APIView

windows: Windows = RedisWindows(settings.REDIS_URL) if settings.REDIS_URL else ProcessWindows()


class WindowThrottle(SimpleRateThrottle):
    """DRF's throttle with another counter: DRF's own uses the wall clock, and is not atomic."""

    num_requests: int
    duration: int  # seconds

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request and return whether it is within the limit."""
        key = self.get_cache_key(request, view) if self.rate else None
        if key is None:
            return True
        number, self._left = windows.count(key, self.duration)
        return number <= self.num_requests

    def wait(self) -> float:
        """Return the seconds until the next allowed request."""
        return self._left

    def get_ident(self, request: Request) -> str:
        """Return the client's address."""
        return client_address(request)


class PerAddress(WindowThrottle, AnonRateThrottle):
    """Rate limit of anonymous requests, by IP address."""

    scope = "anon"


class PerCustomer(WindowThrottle, UserRateThrottle):
    """Rate limit of all requests of a customer."""

    scope = "user"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Return None for anonymous requests, which PerAddress counts."""
        return super().get_cache_key(request, view) if request.user.is_authenticated else None


class OrdersPerCustomer(PerCustomer):
    """Rate limit of orders placed by a customer."""

    scope = "orders"
