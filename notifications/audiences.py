"""Audiences of order events: their addresses, and the fallback of each audience.

Subscribers of events (settings.ORDER_SUBSCRIBERS) are called by the dispatcher in the worker.
"""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from orders.events import Message, Subscriber
from orders.models import OrderEvent
from orders.statuses import Status

MANAGERS = "managers"
LABELS = {MANAGERS: _("managers")}  # for staff


def managers(event: OrderEvent) -> Iterator[Message]:
    """Notify the managers of each new order, of orders cancelled by the customer or automatically, and of agreements.

    Staff know of their own changes; but they must not pack an order that was cancelled by another party.
    """
    cancelled = event.to_status == Status.CANCELLED and event.actor_id in (None, event.order.user_id)
    if event.kind not in (OrderEvent.Kind.PLACED, OrderEvent.Kind.DELIVERY_AGREED) and not cancelled:
        return
    for chat in settings.MANAGER_CHAT_IDS:
        yield _to_manager("telegram", chat)
    if not settings.MANAGER_CHAT_IDS:
        yield from managers_by_email(event)


def managers_by_email(event: OrderEvent) -> Iterator[Message]:
    """Notify the managers by e-mail: the fallback for an event that reached none of their chats."""
    for mailbox in settings.ADMIN_EMAILS:
        yield _to_manager("email", mailbox)


def _to_manager(channel: str, address: str) -> Message:
    return Message(MANAGERS, channel, address, template="order", language=settings.LANGUAGE_CODE)


# Subscribers whose messages are sent once all notifications of an event, audience and channel are failing.
FALLBACKS: dict[str, Subscriber] = {MANAGERS: managers_by_email}
