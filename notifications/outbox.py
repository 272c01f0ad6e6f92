"""Outbox: sends the notifications that are due, until each has arrived or is given up.

Delivery is at least once. A row is claimed before it is sent by moving its next attempt to the end of a lease: if the
process dies in between, the row is due again then, and another worker sends it. That moment is the claim's token, too:
a worker that comes too late changes no row that has been claimed, sent or started over since. All times are
PostgreSQL's: the clocks of the machines may differ.
"""

import logging
import random
from datetime import timedelta
from functools import partial
from time import monotonic

from django.db import connection, transaction
from django.db.models import Case, F, OuterRef, Prefetch, Value, When
from django.db.models.functions import Coalesce, Now

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
LONGEST_HOLD = timedelta(hours=1)  # whatever Telegram says: a chat must not be forgotten
MAX_MOVES = 3  # of one chat, that are followed for one message
BATCH = 50
# Then another job goes on, so that a worker that is to stop need not send all that waits. With the longest call on top
# it is well within the lease.
TURN = timedelta(seconds=10)
# An address that could not be reached is left alone for as long as the message, but not longer than this: the first
# order after a long outage must not wait for half an hour. A chat that hangs takes 10 of 70 seconds of a job slot.
LONGEST_PAUSE = timedelta(seconds=60)


def destinations_due() -> list[Destination]:
    """List the destinations that have something to be sent now."""
    due = Notification.objects.due().order_by("channel", "address")
    return list(due.values_list("channel", "address").distinct())


def send_due(channel: str, address: str) -> timedelta | None:
    """Send what is due to one address, oldest first, for as long as a turn is.

    Stops at the first temporary failure: what is wrong with one message is most likely wrong with the next.

    :returns: how long to wait before the next try, if it stopped; nothing at all if only the turn was over.
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
                    return _put_off(batch, error)
                except Permanent as error:
                    _refused(batch, error)
                else:
                    _mark_sent(batch, receipt)
                if monotonic() - started >= TURN.total_seconds():
                    _release(untried)
                    return timedelta(0)
    return None


def send_again(notification: Notification) -> None:
    """Start over with a notification, as staff asked."""
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
    """Take the next few rows, with all that a message needs; nobody else takes them before the lease is over."""
    # Keys first: joined before it is cut, all that waits would be read for each few.
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
    """Select of the rows of one claim those that nothing else has happened to since."""
    return Notification.objects.filter(
        pk__in=[notification.pk for notification in claimed],
        status=Notification.Status.PENDING,
        next_attempt_at=claimed[0].next_attempt_at,
    )


def _release(untried: list[Notification]) -> None:
    """Give back what was claimed and not tried, as it was: its 24 hours have not begun."""
    if untried:
        _still_claimed(untried).update(
            attempts=F("attempts") - 1,
            first_attempt_at=Case(When(attempts=1, then=Value(None)), default=F("first_attempt_at")),
            next_attempt_at=Now(),
        )


def _batches(claimed: list[Notification], most: int) -> list[list[Notification]]:
    """Divide rows into messages: one each, or `most` in one for an address that was held (telegram.org/bots/faq)."""
    size = most if any(notification.held_until for notification in claimed) else 1
    return [claimed[start : start + size] for start in range(0, len(claimed), size)]


def _send(channel: Channel, batch: list[Notification]) -> Receipt:
    try:
        return _send_to_the_newest_address(channel, batch)
    except ChannelError:
        raise
    except Exception as error:
        # A mistake of ours must not make this row due for ever, unseen: it backs off like any failure.
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
    # Without a look at the claim: it was sent, whatever has happened to the row since.
    with connection.cursor() as cursor:  # plain SQL: the rest of a sale day's messages waits for it
        cursor.execute(
            "UPDATE orders_notification SET status = %s, sent_at = statement_timestamp(), message_id = %s,"
            " last_error = '' WHERE id = ANY (%s)",
            [Notification.Status.SENT, receipt.message_id, [notification.pk for notification in batch]],
        )


def _refused(batch: list[Notification], error: Permanent) -> None:
    if len(batch) > 1 and error.may_be_the_text:
        # Perhaps for the text of one order alone: each is tried by itself.
        _still_claimed(batch).update(held_until=None, next_attempt_at=Now())
        return
    for notification in batch:
        _give_up(notification, str(error))


def _put_off(batch: list[Notification], error: Temporary) -> timedelta | None:
    if error.retry_after is not None:
        return _hold(batch, error, error.retry_after)
    delays = [delay for notification in batch if (delay := _back_off(notification, error)) is not None]
    delay = max(delays, default=None)
    if delay and isinstance(error, Unreachable):
        delay = min(delay, LONGEST_PAUSE)
        JOB_SLOTS.pause((batch[0].channel, batch[0].address), delay.total_seconds())
    return delay


def _hold(batch: list[Notification], error: Temporary, retry_after: int) -> timedelta:
    delay = timedelta(seconds=min(retry_after, LONGEST_HOLD.total_seconds()))  # which may be any integer
    _still_claimed(batch).update(next_attempt_at=Now() + delay, held_until=Now() + delay, last_error=str(error))
    return delay


def _back_off(notification: Notification, error: Temporary) -> timedelta | None:
    """Put a message off; return for how long, None if it was given up: it has been tried for 24 hours."""
    delay = backoff(notification.attempts)
    within_time = _still_claimed([notification]).filter(first_attempt_at__gt=Now() - KEEP_TRYING)
    if within_time.update(next_attempt_at=Now() + delay, last_error=str(error)):
        _fall_back(notification)
        return delay
    sentence = f"Given up after {KEEP_TRYING.total_seconds() / 3600:.0f} hours. {error}"
    # If it is not ours any more, it may be due at once: staff have had it started over.
    return None if _give_up(notification, sentence) else timedelta(0)


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: doubling, at most half an hour, up to a quarter more.

    The random part keeps workers that failed together from coming back together.
    """
    delay = min(FIRST_DELAY * 2 ** min(attempts - 1, 20), LONGEST_DELAY)
    return timedelta(seconds=delay.total_seconds() * random.uniform(1, 1.25))  # noqa: S311 - no secret hangs on it


@transaction.atomic
def _give_up(notification: Notification, error: str) -> bool:
    """Mark a message as failed; return False if another worker or staff have taken it over meanwhile."""
    if not _still_claimed([notification]).update(status=Notification.Status.FAILED, last_error=error):
        return False
    logger.error("Notification %s was given up: %s", notification.pk, error)
    _fall_back(notification)
    return True


@transaction.atomic
def _fall_back(notification: Notification) -> None:
    """Write the fallback of the audience, once every row of its event and channel is failing."""
    fallback = FALLBACKS.get(notification.audience)
    if fallback is None:
        return
    # One at a time for each event: two chats that fail at once would each think that the other may still be told.
    events = OrderEvent.objects.select_related("order").select_for_update(no_key=True, of=("self",))
    event = events.get(pk=notification.event_id)
    rows = Notification.objects.filter(event=event, audience=notification.audience, channel=notification.channel)
    if rows.exclude(pk__in=Notification.objects.failing()).exists():
        return
    instead = rows_for(event, fallback)
    Notification.objects.bulk_create(instead, ignore_conflicts=True)
    for row in instead:
        transaction.on_commit(partial(wake, row.channel, row.address))
