"""What of an earlier order can be ordered again, at today's prices."""

from enum import StrEnum
from typing import NamedTuple

from orders.models import Order
from orders.placing.cart import Cart
from orders.placing.offers import read_offers
from orders.placing.pricing import QuotedItem


class Reason(StrEnum):
    """Why pieces of an earlier order cannot be ordered again."""

    NOT_ON_SALE = "not_on_sale"
    OUT_OF_STOCK = "out_of_stock"
    FEWER_LEFT = "fewer_left"


class MissingItem(NamedTuple):
    """Pieces of the order that cannot be ordered now, with the name and options that they were ordered by."""

    name: str
    options: list[str]
    quantity: int
    reason: Reason


class Repeated(NamedTuple):
    """What is left of an order, and what is missing."""

    items: list[QuotedItem]
    missing: list[MissingItem]


def repeat_order(order: Order) -> Repeated:
    """Return the items of an order that are sold today, as far as the stock goes; nothing is written or reserved."""
    ordered = list(order.items.order_by("pk"))
    offers = read_offers(Cart(quantities={}, variants={item.variant_id: item.quantity for item in ordered})).by_variant
    repeated = Repeated([], [])
    for item in ordered:
        offer = offers.get(item.variant_id)
        if offer is None:
            repeated.missing.append(MissingItem(item.name, item.options, item.quantity, Reason.NOT_ON_SALE))
            continue
        left = item.quantity if offer.stock is None else min(item.quantity, offer.stock)
        if left:
            repeated.items.append(QuotedItem(*offer[:-1], quantity=left, stock=offer.stock))
        if left < item.quantity:
            reason = Reason.FEWER_LEFT if left else Reason.OUT_OF_STOCK
            repeated.missing.append(MissingItem(item.name, item.options, item.quantity - left, reason))
    return repeated
