"""Signal receivers: wake the dispatcher for events of orders."""

from typing import Any

from django.dispatch import receiver

from notifications.queue import wake_dispatcher
from orders.signals import order_delivery_priced, order_placed, order_status_changed


@receiver([order_placed, order_status_changed, order_delivery_priced], dispatch_uid="notifications.wake_for_event")
def wake_for_event(**_kwargs: Any) -> None:
    """Defer a job. If this fails, the sweep finds the event within half a minute."""
    wake_dispatcher()
