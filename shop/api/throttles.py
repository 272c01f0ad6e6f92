"""How often somebody may ask. Rates come from the configuration; an empty one switches a throttle off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

if TYPE_CHECKING:  # rest_framework.views imports this module
    from rest_framework.views import APIView


class PerAddress(AnonRateThrottle):
    """Requests without a customer, by IP address."""

    scope = "anon"


class PerCustomer(UserRateThrottle):
    """All requests of a customer."""

    scope = "user"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Leave those without a customer to PerAddress."""
        return super().get_cache_key(request, view) if request.user.is_authenticated else None


class OrdersPerCustomer(PerCustomer):
    """Orders placed by a customer."""

    scope = "orders"
