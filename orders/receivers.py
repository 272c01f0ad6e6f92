"""Receivers of the shop's own signals: they wake the worker for the recipients of an event's messages."""

from typing import Any

from django.dispatch import receiver

from orders import outbox, tasks
from orders.models import OrderEvent
from orders.signals import order_placed, order_status_changed


@receiver(order_placed, dispatch_uid="orders.wake_for_new_order")
def wake_for_new_order(**_kwargs: Any) -> None:
    """Defer a job for each manager. If this fails, the sweep finds the rows within half a minute."""
    # All of them have a message about a new order; each order that is placed would pay for a query.
    for address in outbox.managers():
        tasks.wake(*address)


@receiver(order_status_changed, dispatch_uid="orders.wake_for_changed_status")
def wake_for_changed_status(*, event: OrderEvent, **_kwargs: Any) -> None:
    """Defer a job for each recipient of a message about this event; most changes of a status have none."""
    for address in event.notifications.order_by("pk").values_list("channel", "recipient"):
        tasks.wake(*address)
