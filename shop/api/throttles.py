"""How often somebody may ask. Rates come from the configuration; an empty one switches a throttle off."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from redis import RedisError
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

if TYPE_CHECKING:  # rest_framework.views imports this module
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)


class KeepsServing(SimpleRateThrottle):
    """A throttle that lets requests through while the cache cannot be reached: the shop must go on selling."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request, if it can be counted."""
        try:
            return super().allow_request(request, view)
        except RedisError as error:
            logger.warning("Throttling is off: the cache cannot be reached (%s)", type(error).__name__)
            return True


class PerAddress(KeepsServing, AnonRateThrottle):
    """Requests without a customer, by IP address."""

    scope = "anon"


class PerCustomer(KeepsServing, UserRateThrottle):
    """All requests of a customer."""

    scope = "user"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Leave those without a customer to PerAddress."""
        return super().get_cache_key(request, view) if request.user.is_authenticated else None


class OrdersPerCustomer(PerCustomer):
    """Orders placed by a customer."""

    scope = "orders"
