"""Addresses that a customer can choose again: those of the latest orders, without what the customer has deleted.

They are read from the orders, so that no order writes a second row, and none can be lost.
"""

from datetime import datetime
from typing import NamedTuple

from accounts.models import User
from customers.models import ForgottenAddress
from delivery.models import DeliveryMethod
from orders.models import Order

MAX_ADDRESSES = 5
LATEST = 100  # orders to read


class SavedAddress(NamedTuple):
    """Address of an order: `id` is that of the latest order with it."""

    id: int
    address: str
    used_at: datetime


def saved_addresses(user: User) -> list[SavedAddress]:
    """Return a customer's addresses, last used first; the address of a carrier's point is none of them."""
    orders = Order.objects.of(user).order_by("-pk").values_list("pk", "address", "created_at", "delivery_kind")
    forgotten = dict(ForgottenAddress.objects.filter(user=user).values_list("address", "at"))
    found: dict[str, SavedAddress] = {}
    for pk, text, used_at, delivery_kind in orders[:LATEST]:
        address = one_line_of(text)
        if not address or delivery_kind == DeliveryMethod.Kind.CARRIER_POINT or address in found:
            continue
        if address not in forgotten or forgotten[address] < used_at:
            found[address] = SavedAddress(pk, address, used_at)
    return list(found.values())[:MAX_ADDRESSES]


def forget_address(*, user: User, order_id: int, now: datetime) -> bool:
    """Leave the address of an order out, until another order has it; return False if it is not listed."""
    for saved in saved_addresses(user):
        if saved.id == order_id:
            ForgottenAddress.objects.update_or_create(user=user, address=saved.address, defaults={"at": now})
            return True
    return False


def one_line_of(address: str) -> str:
    """Return an address without line breaks and repeated spaces."""
    return " ".join(address.split())
