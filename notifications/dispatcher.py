"""Dispatcher: writes the notifications of committed events.

Only the event is written with the order: if a process dies after the commit, the event stays undispatched, and the
sweep finds it. A failing subscriber delays only its own messages: those of the others are written, and the event is
retried in the next run, which leaves existing rows unchanged.
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
    """Write the notifications of all undispatched events; return the destinations that have new ones."""
    destinations: dict[Destination, None] = {}
    last: int | None = 0
    while last is not None:
        last, notifications = _dispatch_batch(after=last)
        destinations |= dict.fromkeys((row.channel, row.address) for row in notifications)
    return list(destinations)


@transaction.atomic
def _dispatch_batch(*, after: int) -> tuple[int | None, list[Notification]]:
    """Dispatch a batch of events; return the id of the last one (None if there are no more) and the notifications."""
    events = list(
        OrderEvent.objects.undispatched()
        .filter(pk__gt=after)
        .select_related("order__user")
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .order_by("pk")[:BATCH]
    )
    subscribers = [import_string(path) for path in settings.ORDER_SUBSCRIBERS]
    notifications: list[Notification] = []
    dispatched = []
    for event in events:
        written = [_try_subscriber(subscriber, event) for subscriber in subscribers]
        notifications += (row for rows in written for row in rows or ())
        if None not in written:
            dispatched.append(event.pk)
    OrderEvent.objects.filter(pk__in=dispatched).update(dispatched_at=Now())
    return (events[-1].pk if len(events) == BATCH else None), notifications


def _try_subscriber(subscriber: Subscriber, event: OrderEvent) -> list[Notification] | None:
    """Write a subscriber's notifications about an event and return them; None if it fails."""
    try:
        # A failed query of the subscriber, or a row that no column holds, must not abort the outer transaction.
        with transaction.atomic():
            rows = rows_for(event, subscriber)
            Notification.objects.bulk_create(rows, ignore_conflicts=True)
            return rows
    except Exception:
        logger.exception("A subscriber failed for event %s, and will be asked again", event.pk)
        return None


def rows_for(event: OrderEvent, subscriber: Subscriber) -> list[Notification]:
    """Return a subscriber's notifications about an event, unsaved."""
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
