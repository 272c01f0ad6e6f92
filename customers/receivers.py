"""Signal receivers: save the address of an order."""

from typing import Any

from django.dispatch import receiver

from customers.addresses import save_address
from orders.models import Order
from orders.signals import order_placed


@receiver(order_placed, dispatch_uid="customers.keep_address")
def keep_address(order: Order, **_kwargs: Any) -> None:
    """Save it after the commit of the order, so that a failure does not affect the order."""
    address = " ".join(order.address.split())
    if address:
        save_address(user=order.user, address=address, used_at=order.created_at)
