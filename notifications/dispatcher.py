"""Dispatcher: writes the notifications of events that have just been committed.

The event is written with the order, and it alone: a process that dies after the commit leaves an event that is not
dispatched, and the sweep finds it. A subscriber that fails delays only its own messages: what the others want to send
is written, and the event is tried again with the next run, when the rows that exist are left as they are.
"""

import logging

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from notifications.channels import Destination
from notifications.models import Notification
from orders.events import Subscriber
from orders.models import OrderEvent

logger = logging.getLogger(__name__)

BATCH = 100  # events in one transaction


def dispatch() -> list[Destination]:
    """Write the notifications of all events that are not dispatched; return the destinations that have new ones."""
    destinations: dict[Destination, None] = {}
    last: int | None = 0
    while last is not None:
        last, notifications = _dispatch_batch(after=last)
        destinations |= dict.fromkeys((row.channel, row.address) for row in notifications)
    return list(destinations)


@transaction.atomic
def _dispatch_batch(*, after: int) -> tuple[int | None, list[Notification]]:
    """Dispatch the next few events; return the id of the last one, None if there are no more, and the notifications."""
    events = list(
        OrderEvent.objects.undispatched()
        .filter(pk__gt=after)
        .select_related("order")
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .order_by("pk")[:BATCH]
    )
    subscribers = [import_string(path) for path in settings.ORDER_SUBSCRIBERS]
    notifications: list[Notification] = []
    dispatched = []
    for event in events:
        wanted = [_ask(subscriber, event) for subscriber in subscribers]
        notifications += (row for rows in wanted for row in rows or ())
        if None not in wanted:
            dispatched.append(event.pk)
    Notification.objects.bulk_create(notifications, ignore_conflicts=True)
    OrderEvent.objects.filter(pk__in=dispatched).update(dispatched_at=Now())
    return (events[-1].pk if len(events) == BATCH else None), notifications


def _ask(subscriber: Subscriber, event: OrderEvent) -> list[Notification] | None:
    """Ask a subscriber for its messages about an event; return None if it fails."""
    try:
        with transaction.atomic():  # an error in a query of the subscriber must not end this transaction
            return rows_for(event, subscriber)
    except Exception:
        logger.exception("A subscriber failed for event %s, and will be asked again", event.pk)
        return None


def rows_for(event: OrderEvent, subscriber: Subscriber) -> list[Notification]:
    """Make the notifications that a subscriber wants about an event; they are not saved yet."""
    return [
        Notification(
            event=event,
            audience=message.audience,
            channel=message.channel,
            address=message.address,
            template=message.template,
            language=message.language,
        )
        for message in subscriber(event)
    ]
