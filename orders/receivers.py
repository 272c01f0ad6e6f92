"""Our own listeners: the worker is woken for whoever is to be told of an event."""

from typing import Any

from django.dispatch import receiver

from orders import outbox, tasks
from orders.signals import order_placed, order_status_changed


@receiver([order_placed, order_status_changed], dispatch_uid="orders.wake_the_worker")
def wake_the_worker(**_kwargs: Any) -> None:
    """Defer a job for each recipient. If this fails, the sweep finds the rows within half a minute."""
    for address in outbox.managers():
        tasks.wake(*address)
