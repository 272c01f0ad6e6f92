"""Telling the managers: rows are written with the event, and sent by the worker until they arrive.

Delivery is at least once. A row is claimed before it is sent by moving its next attempt into the future: if the
process dies in between, the row is due again when the lease is over, and somebody else sends it.
"""

import logging
import random
from datetime import timedelta
from smtplib import SMTPException
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import F, OuterRef, Prefetch
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from orders import messages
from orders.models import MovedChat, Notification, OrderEvent, OrderItem
from shop import telegram

logger = logging.getLogger(__name__)

FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=5), timedelta(minutes=30)
KEEP_TRYING = timedelta(hours=24)
LONGEST_HOLD = timedelta(hours=1)  # whatever Telegram says: a chat must not be forgotten
BATCH = 50
# Then another job goes on, so that a worker that is to stop need not send all that waits. Well within the lease.
TURN = timedelta(seconds=10)


def managers() -> list[tuple[str, str]]:
    """List who is to be told of an order, as (channel, recipient) pairs."""
    chats = [(str(Notification.Channel.TELEGRAM), chat) for chat in settings.MANAGER_CHAT_IDS]
    mailboxes = [(str(Notification.Channel.EMAIL), mailbox) for mailbox in settings.ADMIN_EMAILS]
    return list(dict.fromkeys(chats or mailboxes))


def tell_managers(event: OrderEvent) -> None:
    """Write down that the managers must be told of an event; call it in the transaction of the event."""
    Notification.objects.bulk_create(
        Notification(event=event, channel=channel, recipient=recipient) for channel, recipient in managers()
    )


def addresses_due(*channels: str) -> list[tuple[str, str]]:
    """List the (channel, recipient) pairs that have something to be sent now, through some channels or through any."""
    due = Notification.objects.due().filter(channel__in=channels or Notification.Channel.values)
    return list(due.order_by("channel", "recipient").values_list("channel", "recipient").distinct())


def send_due(channel: str, recipient: str) -> timedelta | None:
    """Send what is due to one recipient, oldest first, for as long as a turn is.

    Stops at the first temporary failure: what is wrong with one message is most likely wrong with the next.

    :returns: how long to wait before the next try, if it stopped; nothing at all if only the turn was over.
    """
    started = monotonic()
    with telegram.bot() as bot:
        while claimed := _claim(channel, recipient):
            tried = 0
            for parcel in _parcels(claimed):
                tried += len(parcel)
                try:
                    message_id = _send(bot, parcel)
                except telegram.TemporaryError as error:
                    _release(claimed[tried:])
                    delays = [_put_off(notification, error) for notification in parcel]
                    return max(filter(None, delays), default=None)
                except telegram.TelegramError as error:
                    for notification in parcel:
                        _give_up(notification, str(error))
                else:
                    _mark_sent(parcel, message_id)
                if monotonic() - started >= TURN.total_seconds():
                    _release(claimed[tried:])
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
def _claim(channel: str, recipient: str) -> list[Notification]:
    """Take the next few rows, with all that a message needs; nobody else takes them before the lease is over."""
    # Keys first: joined before it is cut, all that waits would be read for each few.
    due = Notification.objects.due_to(channel, recipient).select_for_update(skip_locked=True).order_by("pk")
    claimed = Notification.objects.filter(pk__in=list(due.values_list("pk", flat=True)[:BATCH]))
    claimed.update(
        attempts=F("attempts") + 1,
        first_attempt_at=Coalesce("first_attempt_at", Now()),
        next_attempt_at=Now() + Notification.LEASE,
    )
    return list(
        claimed.select_related("event__order__user")
        .prefetch_related(Prefetch("event__order__items", OrderItem.objects.order_by("pk"), to_attr="lines"))
        .annotate(moved_to=MovedChat.objects.filter(old_chat_id=OuterRef("recipient")).values("new_chat_id")[:1])  # type: ignore[no-redef]  # the model declares it
        .order_by("pk")
    )


def _release(claimed: list[Notification]) -> None:
    """Give back what was not tried."""
    keys = [notification.pk for notification in claimed]
    Notification.objects.filter(pk__in=keys).update(attempts=F("attempts") - 1, next_attempt_at=Now())


def _parcels(claimed: list[Notification]) -> list[list[Notification]]:
    """Divide rows into messages: one each, or many in one for a chat that gets too many (telegram.org/bots/faq)."""
    if any(notification.held_until for notification in claimed):
        return [claimed[start : start + messages.DIGEST] for start in range(0, len(claimed), messages.DIGEST)]
    return [[notification] for notification in claimed]


def _send(bot: telegram.BotAPI | telegram.Console, parcel: list[Notification]) -> int | None:
    """Send one message; return Telegram's message_id, if it went there."""
    notification, *others = parcel
    try:
        if notification.channel == Notification.Channel.EMAIL:
            _send_email(notification)
            return None
        events = [each.event for each in parcel]
        return _send_telegram(bot, notification, messages.digest(events) if others else messages.html(events[0]))
    except telegram.TelegramError:
        raise
    except Exception as error:
        # A mistake of ours must not make this row due for ever, unseen: it backs off like any failure.
        logger.exception("Notification %s could not be made or sent", notification.pk)
        raise telegram.TemporaryError(f"The shop failed to send it ({type(error).__name__}); see the log.") from error


def _send_telegram(bot: telegram.BotAPI | telegram.Console, notification: Notification, html: str) -> int:
    try:
        return bot.send_message(notification.moved_to or notification.recipient, html)
    except telegram.ChatMoved as error:
        new_chat_id = str(error.new_chat_id)
        MovedChat.objects.update_or_create(old_chat_id=notification.recipient, defaults={"new_chat_id": new_chat_id})
        return bot.send_message(new_chat_id, html)


def _send_email(notification: Notification) -> None:
    subject, text = messages.plain(notification.event)
    try:
        EmailMessage(subject, text, to=[notification.recipient]).send()
    except (SMTPException, OSError) as error:
        raise telegram.TemporaryError(f"The mail server did not take it ({type(error).__name__}).") from error


def _mark_sent(parcel: list[Notification], message_id: int | None) -> None:
    with connection.cursor() as cursor:  # plain SQL: the rest of a sale day's messages waits for it
        cursor.execute(
            "UPDATE orders_notification SET status = %s, sent_at = statement_timestamp(), message_id = %s,"
            " last_error = '' WHERE id = ANY (%s)",
            [Notification.Status.SENT, message_id, [notification.pk for notification in parcel]],
        )


def _put_off(notification: Notification, error: telegram.TemporaryError) -> timedelta | None:
    if isinstance(error, telegram.TooManyRequests):
        return _hold(notification, error)
    return _back_off(notification, error)


def _hold(notification: Notification, error: telegram.TooManyRequests) -> timedelta:
    delay = min(timedelta(seconds=error.retry_after), LONGEST_HOLD)
    Notification.objects.filter(pk=notification.pk).update(
        next_attempt_at=Now() + delay, held_until=Now() + delay, last_error=str(error)
    )
    return delay


def _back_off(notification: Notification, error: telegram.TemporaryError) -> timedelta | None:
    # Staff may have had it started over since it was claimed.
    notification.refresh_from_db(fields=["attempts", "first_attempt_at"])
    first_attempt_at = notification.first_attempt_at
    if first_attempt_at is not None and timezone.now() - first_attempt_at >= KEEP_TRYING:
        _give_up(notification, f"Given up after {KEEP_TRYING.total_seconds() / 3600:.0f} hours. {error}")
        return None
    delay = backoff(notification.attempts)
    Notification.objects.filter(pk=notification.pk).update(next_attempt_at=Now() + delay, last_error=str(error))
    return delay


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: doubling, at most half an hour, up to a quarter more.

    The random part keeps workers that failed together from coming back together.
    """
    delay = min(FIRST_DELAY * 2 ** min(attempts - 1, 20), LONGEST_DELAY)
    return timedelta(seconds=delay.total_seconds() * random.uniform(1, 1.25))  # noqa: S311 - no secret hangs on it


@transaction.atomic
def _give_up(notification: Notification, error: str) -> None:
    # One at a time for each event: two chats that fail at once would each think that the other may still be told.
    event = OrderEvent.objects.select_for_update(no_key=True).get(pk=notification.event_id)
    Notification.objects.filter(pk=notification.pk).update(status=Notification.Status.FAILED, last_error=error)
    logger.error("Notification %s was given up: %s", notification.pk, error)
    if notification.channel == Notification.Channel.TELEGRAM and not (
        event.notifications.filter(channel=Notification.Channel.TELEGRAM)
        .exclude(status=Notification.Status.FAILED)
        .exists()
    ):
        by_email = [
            Notification(event=event, channel=Notification.Channel.EMAIL, recipient=mailbox)
            for mailbox in settings.ADMIN_EMAILS
        ]
        Notification.objects.bulk_create(by_email, ignore_conflicts=True)
