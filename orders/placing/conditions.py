"""Conditions of the merchant for an order: pure, like pricing."""

from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from orders.placing.cart import Cart, Consent
from shop.errors import DomainError


class OrdersClosed(DomainError):
    """The shop accepts no orders at present."""

    code = "orders_closed"


class BelowMinimum(DomainError):
    """The sum of the items is below the minimum order."""

    code = "min_total"


class ConsentOutdated(DomainError):
    """The customer has not agreed to the present version of a page that needs consent."""

    code = "consent_outdated"


class Conditions(NamedTuple):
    """What an order must fulfil; the default asks nothing."""

    accepts_orders: bool = True
    notice: str = ""  # for customers, while orders are not accepted
    min_total: Decimal = Decimal(0)  # of the items, before adjustments
    consent: Consent = ()

    def closed(self) -> list[DomainError]:
        """Return the refusal of any order, if the shop accepts none."""
        if self.accepts_orders:
            return []
        return [OrdersClosed(self.notice or _("The shop does not accept orders at the moment."))]

    def unmet(self, subtotal: Decimal, cart: Cart) -> list[DomainError]:
        """Return the refusals of an order with that sum of its items."""
        refusals: list[DomainError] = []
        if subtotal < self.min_total:
            missing = self.min_total - subtotal
            refusals.append(
                BelowMinimum(
                    _("The minimum order is %(min_total)s; %(missing)s is missing.")
                    % {"min_total": f"{self.min_total:.2f}", "missing": f"{missing:.2f}"},
                    min_total=f"{self.min_total:.2f}",
                    missing=f"{missing:.2f}",
                )
            )
        if not set(self.consent) <= set(cart.consent):
            refusals.append(
                ConsentOutdated(
                    _("The terms of the shop are new or have changed: read them, and agree to them with the order."),
                    required=dict(self.consent),
                )
            )
        return refusals
