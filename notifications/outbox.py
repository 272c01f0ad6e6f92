"""Outbox: sends due notifications, with retries, until each is sent or has failed.

Delivery is at least once. A row is claimed before sending by moving its next attempt to the end of a lease: if the
process dies, the row is due again at that time, and another worker sends it. That time is also the token of the claim:
a worker whose lease has expired does not change a row that was claimed, sent or reset since. All times are
PostgreSQL's: the clocks of the machines may differ.
"""

import logging
import random
from datetime import timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter
from time import monotonic

from django.db import connection, transaction
from django.db.models import Case, F, OuterRef, Prefetch, Value, When
from django.db.models.functions import Coalesce, Now

from notifications import texts
from notifications.audiences import FALLBACKS
from notifications.channels import (
    Channel,
    ChannelError,
    Destination,
    Moved,
    Permanent,
    Receipt,
    Temporary,
    Unreachable,
    open_channel,
)
from notifications.dispatcher import rows_for
from notifications.job_slots import JOB_SLOTS
from notifications.models import MovedChat, Notification, NotificationQuerySet
from notifications.queue import wake
from orders.models import OrderAdjustment, OrderEvent, OrderItem

logger = logging.getLogger(__name__)

FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=5), timedelta(minutes=30)
KEEP_TRYING = timedelta(hours=24)
LONGEST_HOLD = timedelta(hours=1)  # also if Telegram asks for more
MAX_MOVES = 3  # of a chat, followed for one message
BATCH = 50
# Time limit of a job; another job continues, so that a worker can stop without sending the whole backlog. Together with
# the longest call it is well within the lease.
JOB_TIME = timedelta(seconds=10)
# An unreachable address is paused for as long as the message backs off, but not longer than this: the first order after
# a long outage must not wait for half an hour. An unresponsive chat takes 10 of 70 seconds of a job slot.
LONGEST_PAUSE = timedelta(seconds=60)


def destinations_due() -> list[Destination]:
    """List the destinations with due notifications."""
    due = Notification.objects.due().order_by("channel", "address")
    return list(due.values_list("channel", "address").distinct())


def send_due(channel: str, address: str) -> timedelta | None:
    """Send the due notifications of one address, oldest first, for at most JOB_TIME.

    Stops at the first temporary failure: the next message would most likely fail for the same reason.

    :returns: the delay before the next job; zero if only the time was over, None if no notification is due.
    """
    started = monotonic()
    with open_channel(channel) as connected:
        while untried := _claim(channel, address):
            for batch in _batches(untried, connected.batch):
                untried = untried[len(batch) :]
                try:
                    receipt = _send(connected, batch)
                except Temporary as error:
                    _release(untried)
                    return _postpone(batch, error)
                except Permanent as error:
                    _handle_refusal(batch, error)
                else:
                    _mark_sent(batch, receipt)
                if monotonic() - started >= JOB_TIME.total_seconds():
                    _release(untried)
                    return timedelta(0)
    return None


def fall_back_if_blocked() -> None:
    """Write the fallbacks of notifications whose address is failing, although they may not have been tried."""
    blocked = Notification.objects.blocked().without_fallback().filter(audience__in=FALLBACKS)
    for notification in blocked.order_by("pk")[:BATCH]:
        _fall_back(notification)


def send_again(notification: Notification) -> None:
    """Reset a notification, so that it is sent as a new one."""
    Notification.objects.filter(pk=notification.pk).update(
        status=Notification.Status.PENDING,
        attempts=0,
        first_attempt_at=None,
        next_attempt_at=Now(),
        held_until=None,
        last_error="",
    )


@transaction.atomic
def _claim(channel: str, address: str) -> list[Notification]:
    """Claim a batch of rows for the time of a lease; return them with the related rows that a message needs."""
    # Keys first: with a join before the LIMIT, each batch would read the whole backlog.
    due = Notification.objects.due_to(channel, address).select_for_update(skip_locked=True).order_by("pk")
    claimed = Notification.objects.filter(pk__in=list(due.values_list("pk", flat=True)[:BATCH]))
    claimed.update(
        attempts=F("attempts") + 1,
        first_attempt_at=Coalesce("first_attempt_at", Now()),
        next_attempt_at=Now() + Notification.LEASE,
    )
    return list(
        claimed.select_related("event__order__user")
        .prefetch_related(
            Prefetch("event__order__items", OrderItem.objects.order_by("pk"), to_attr="item_list"),
            Prefetch("event__order__adjustments", OrderAdjustment.objects.order_by("pk"), to_attr="adjustment_list"),
        )
        .annotate(moved_to=MovedChat.objects.filter(old_chat_id=OuterRef("address")).values("new_chat_id")[:1])  # type: ignore[no-redef]  # the model declares it
        .order_by("pk")
    )


def _still_claimed(claimed: list[Notification]) -> NotificationQuerySet:
    """Filter the rows of a claim that are unchanged since."""
    return Notification.objects.filter(
        pk__in=[notification.pk for notification in claimed],
        status=Notification.Status.PENDING,
        next_attempt_at=claimed[0].next_attempt_at,
    )


def _release(untried: list[Notification]) -> None:
    """Undo the claim of rows that were not tried: their 24 hours of retries do not start yet."""
    if untried:
        _still_claimed(untried).update(
            attempts=F("attempts") - 1,
            first_attempt_at=Case(When(attempts=1, then=Value(None)), default=F("first_attempt_at")),
            next_attempt_at=Now(),
        )


def _batches(claimed: list[Notification], most: int) -> list[list[Notification]]:
    """Divide rows into messages: one each, or up to `most` each if Telegram had rate-limited the address.

    The digest is written for managers. A manager's chat may get messages of other kinds too: these stay apart.
    """
    was_held = any(notification.held_until for notification in claimed)
    batches: list[list[Notification]] = []
    for template, group in groupby(claimed, key=attrgetter("template")):
        rows = list(group)
        size = most if was_held and template in texts.DIGESTED else 1
        batches += [rows[start : start + size] for start in range(0, len(rows), size)]
    return batches


def _send(channel: Channel, batch: list[Notification]) -> Receipt:
    try:
        return _send_to_the_newest_address(channel, batch)
    except ChannelError:
        raise
    except Exception as error:
        # After a bug of ours, the row must back off like after any failure, not be due for ever.
        logger.exception("Notification %s could not be made or sent", batch[0].pk)
        raise Temporary(f"The shop failed to send it ({type(error).__name__}); see the log.") from error


def _send_to_the_newest_address(channel: Channel, batch: list[Notification]) -> Receipt:
    notification = batch[0]
    address = notification.moved_to or notification.address
    known = {notification.address, address}
    for _move in range(MAX_MOVES + 1):
        try:
            return channel.send(address, batch)
        except Moved as error:
            address = error.new_address
            if address in known:
                raise Temporary(f"The chat moves in a circle. {error}") from error
            known.add(address)
            MovedChat.objects.update_or_create(old_chat_id=notification.address, defaults={"new_chat_id": address})
    raise Temporary("The chat has moved too often.")


def _mark_sent(batch: list[Notification], receipt: Receipt) -> None:
    # Without a check of the claim: the message was sent, even if the row was changed since.
    with connection.cursor() as cursor:  # plain SQL: on a sale day the other messages wait for it
        cursor.execute(
            "UPDATE orders_notification SET status = %s, sent_at = statement_timestamp(), message_id = %s,"
            " last_error = '' WHERE id = ANY (%s)",
            [Notification.Status.SENT, receipt.message_id, [notification.pk for notification in batch]],
        )


def _handle_refusal(batch: list[Notification], error: Permanent) -> None:
    if len(batch) > 1 and error.may_be_the_text:
        # The text of one order may be the reason: each is retried in its own message.
        _still_claimed(batch).update(held_until=None, next_attempt_at=Now())
        return
    for notification in batch:
        _give_up(notification, str(error))


def _postpone(batch: list[Notification], error: Temporary) -> timedelta | None:
    if error.retry_after is not None:
        return _hold(batch, error, error.retry_after)
    delays = [delay for notification in batch if (delay := _back_off(notification, error)) is not None]
    delay = max(delays, default=None)
    if delay and isinstance(error, Unreachable):
        delay = min(delay, LONGEST_PAUSE)
        JOB_SLOTS.pause((batch[0].channel, batch[0].address), delay.total_seconds())
    return delay


def _hold(batch: list[Notification], error: Temporary, retry_after: int) -> timedelta:
    delay = timedelta(seconds=min(retry_after, LONGEST_HOLD.total_seconds()))  # Telegram may send any integer
    _still_claimed(batch).update(next_attempt_at=Now() + delay, held_until=Now() + delay, last_error=str(error))
    return delay


def _back_off(notification: Notification, error: Temporary) -> timedelta | None:
    """Schedule a retry and return its delay; after 24 hours of retries mark the row as failed and return None."""
    delay = backoff(notification.attempts)
    within_time = _still_claimed([notification]).filter(first_attempt_at__gt=Now() - KEEP_TRYING)
    if within_time.update(next_attempt_at=Now() + delay, last_error=str(error)):
        _fall_back(notification)
        return delay
    sentence = f"Given up after {KEEP_TRYING.total_seconds() / 3600:.0f} hours. {error}"
    # If the claim has ended, staff may have reset the row: it may be due now.
    return None if _give_up(notification, sentence) else timedelta(0)


def backoff(attempts: int) -> timedelta:
    """Return the delay of a retry: exponential, at most half an hour, plus up to a quarter of jitter.

    The jitter keeps workers that failed together from retrying together.
    """
    delay = min(FIRST_DELAY * 2 ** min(attempts - 1, 20), LONGEST_DELAY)
    return timedelta(seconds=delay.total_seconds() * random.uniform(1, 1.25))  # noqa: S311 - not a secret


@transaction.atomic
def _give_up(notification: Notification, error: str) -> bool:
    """Mark a notification as failed; return False if it was claimed or reset meanwhile."""
    if not _still_claimed([notification]).update(status=Notification.Status.FAILED, last_error=error):
        return False
    logger.error("Notification %s was given up: %s", notification.pk, error)
    _fall_back(notification)
    return True


@transaction.atomic
def _fall_back(notification: Notification) -> None:
    """Write the fallback notifications of the audience, once every row of its event and channel is failing."""
    fallback = FALLBACKS.get(notification.audience)
    if fallback is None:
        return
    # The event is locked: without, two chats that fail at once would each see the other as pending.
    events = OrderEvent.objects.select_related("order").select_for_update(no_key=True, of=("self",))
    event = events.get(pk=notification.event_id)
    rows: NotificationQuerySet = Notification.objects.filter(
        event=event, audience=notification.audience, channel=notification.channel
    )
    if rows.failing().count() < rows.count():
        return
    instead = rows_for(event, fallback)
    Notification.objects.bulk_create(instead, ignore_conflicts=True)
    for row in instead:
        transaction.on_commit(partial(wake, row.channel, row.address))
