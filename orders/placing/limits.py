"""Limits on the unconfirmed orders of one customer.

An unconfirmed order holds stock, so without limits one customer could reserve all of it.
"""

from decimal import Decimal
from typing import NamedTuple, Self

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shop.errors import DomainError

SENTENCES = {
    "orders": _("At most %(allowed)s of your orders can wait for the shop's confirmation at a time."),
    "pieces": _("Your orders that wait for the shop's confirmation can have at most %(allowed)s pieces in all."),
    "total": _("Your orders that wait for the shop's confirmation can come to at most %(allowed)s in all."),
}


class OpenOrders(NamedTuple):
    """Unconfirmed orders of a customer: their number, pieces and total."""

    orders: int
    pieces: int
    total: Decimal


class OpenOrdersLimit(NamedTuple):
    """Limits for one customer; None: no limit."""

    orders: int | None = None
    pieces: int | None = None
    total: Decimal | None = None

    @classmethod
    def from_settings(cls) -> Self:
        """Read OPEN_ORDERS_PER_CUSTOMER, OPEN_PIECES_PER_CUSTOMER and OPEN_TOTAL_PER_CUSTOMER; 0 is no limit."""
        return cls(
            settings.OPEN_ORDERS_PER_CUSTOMER or None,
            settings.OPEN_PIECES_PER_CUSTOMER or None,
            Decimal(settings.OPEN_TOTAL_PER_CUSTOMER) or None,
        )


class OpenOrdersLimitReached(DomainError):
    """The customer's unconfirmed orders, this one included, exceed a limit."""

    code = "open_orders_limit"

    def __init__(self, limit: OpenOrdersLimit, before: OpenOrders, order: OpenOrders) -> None:
        name = next(
            name
            for name, most in limit._asdict().items()
            if most is not None and getattr(before, name) + getattr(order, name) > most
        )
        allowed, held = getattr(limit, name), getattr(before, name)
        if name == "total":
            allowed, held = f"{allowed:.2f}", f"{held:.2f}"
        super().__init__(SENTENCES[name] % {"allowed": allowed}, limit=name, allowed=allowed, open=held)
