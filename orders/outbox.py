"""Telling the managers: rows are written with the event, and sent by the worker until they arrive.

Delivery is at least once. A row is claimed before it is sent by moving its next attempt to the end of a lease: if the
process dies in between, the row is due again then, and another worker sends it. That moment is the claim's token, too:
a worker that comes too late changes no row that has been claimed, sent or started over since. All times are
PostgreSQL's: the clocks of the machines may differ.
"""

import logging
import random
from datetime import timedelta
from http import HTTPStatus
from smtplib import SMTPException
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Case, F, OuterRef, Prefetch, Value, When
from django.db.models.functions import Coalesce, Now

from orders import messages
from orders.models import MovedChat, Notification, NotificationQuerySet, OrderEvent, OrderItem
from orders.recipients import RECIPIENTS
from shop.telegram import bot_api as telegram
from shop.telegram import errors

logger = logging.getLogger(__name__)

FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=5), timedelta(minutes=30)
KEEP_TRYING = timedelta(hours=24)
LONGEST_HOLD = timedelta(hours=1)  # whatever Telegram says: a chat must not be forgotten
MAX_MOVES = 3  # of one chat, that are followed for one message
BATCH = 50
# Then another job goes on, so that a worker that is to stop need not send all that waits. With the longest call on top
# it is well within the lease.
TURN = timedelta(seconds=10)
# A recipient that could not be reached is left alone for as long as the message, but not longer than this: the first
# order after a long outage must not wait for half an hour. A chat that hangs takes 10 of 70 seconds of a job slot.
LONGEST_PAUSE = timedelta(seconds=60)


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
        while untried := _claim(channel, recipient):
            for batch in _batches(untried):
                untried = untried[len(batch) :]
                try:
                    message_id = _send(bot, batch)
                except errors.TemporaryError as error:
                    _release(untried)
                    return _put_off(batch, error)
                except errors.PermanentError as error:
                    _refused(batch, error)
                else:
                    _mark_sent(batch, message_id)
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


def _batches(claimed: list[Notification]) -> list[list[Notification]]:
    """Divide rows into messages: one each, or many in one for a chat that gets too many (telegram.org/bots/faq)."""
    if any(notification.held_until for notification in claimed):
        return [claimed[start : start + messages.DIGEST] for start in range(0, len(claimed), messages.DIGEST)]
    return [[notification] for notification in claimed]


def _send(bot: telegram.BotAPI | telegram.Console, batch: list[Notification]) -> int | None:
    """Send one message; return Telegram's message_id, if it went there and has one."""
    notification, *others = batch
    try:
        if notification.channel == Notification.Channel.EMAIL:
            _send_email(notification)
            return None
        events = [each.event for each in batch]
        return _send_telegram(bot, notification, messages.digest(events) if others else messages.html(events[0]))
    except errors.TelegramError:
        raise
    except Exception as error:
        # A mistake of ours must not make this row due for ever, unseen: it backs off like any failure.
        logger.exception("Notification %s could not be made or sent", notification.pk)
        raise errors.TemporaryError(f"The shop failed to send it ({type(error).__name__}); see the log.") from error


def _send_telegram(bot: telegram.BotAPI | telegram.Console, notification: Notification, html: str) -> int | None:
    chat_id = notification.moved_to or notification.recipient
    known = {notification.recipient, chat_id}
    for _move in range(MAX_MOVES + 1):
        try:
            return bot.send_message(chat_id, html)
        except errors.ChatMoved as error:
            chat_id = str(error.new_chat_id)
            if chat_id in known:
                raise errors.TemporaryError(f"The chat moves in a circle. {error}") from error
            known.add(chat_id)
            MovedChat.objects.update_or_create(old_chat_id=notification.recipient, defaults={"new_chat_id": chat_id})
    raise errors.TemporaryError("The chat has moved too often.")


def _send_email(notification: Notification) -> None:
    subject, text = messages.plain(notification.event)
    try:
        EmailMessage(subject, text, to=[notification.recipient]).send()
    except (SMTPException, OSError) as error:
        raise errors.Unreachable(f"The mail server did not take it ({type(error).__name__}).") from error


def _mark_sent(batch: list[Notification], message_id: int | None) -> None:
    # Without a look at the claim: it was sent, whatever has happened to the row since.
    with connection.cursor() as cursor:  # plain SQL: the rest of a sale day's messages waits for it
        cursor.execute(
            "UPDATE orders_notification SET status = %s, sent_at = statement_timestamp(), message_id = %s,"
            " last_error = '' WHERE id = ANY (%s)",
            [Notification.Status.SENT, message_id, [notification.pk for notification in batch]],
        )


def _refused(batch: list[Notification], error: errors.PermanentError) -> None:
    if len(batch) > 1 and error.status == HTTPStatus.BAD_REQUEST:
        # Perhaps for the text of one order alone: each is tried by itself.
        _still_claimed(batch).update(held_until=None, next_attempt_at=Now())
        return
    for notification in batch:
        _give_up(notification, str(error))


def _put_off(batch: list[Notification], error: errors.TemporaryError) -> timedelta | None:
    if isinstance(error, errors.TooManyRequests):
        return _hold(batch, error)
    delays = [delay for notification in batch if (delay := _back_off(notification, error)) is not None]
    delay = max(delays, default=None)
    if delay and isinstance(error, errors.Unreachable):
        delay = min(delay, LONGEST_PAUSE)
        RECIPIENTS.pause((batch[0].channel, batch[0].recipient), delay.total_seconds())
    return delay


def _hold(batch: list[Notification], error: errors.TooManyRequests) -> timedelta:
    delay = timedelta(seconds=min(error.retry_after, LONGEST_HOLD.total_seconds()))
    _still_claimed(batch).update(next_attempt_at=Now() + delay, held_until=Now() + delay, last_error=str(error))
    return delay


def _back_off(notification: Notification, error: errors.TemporaryError) -> timedelta | None:
    """Put a message off; return for how long, None if it was given up: it has been tried for 24 hours."""
    delay = backoff(notification.attempts)
    within_time = _still_claimed([notification]).filter(first_attempt_at__gt=Now() - KEEP_TRYING)
    if within_time.update(next_attempt_at=Now() + delay, last_error=str(error)):
        _tell_mailboxes_instead(notification)
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
    _tell_mailboxes_instead(notification)
    return True


@transaction.atomic
def _tell_mailboxes_instead(notification: Notification) -> None:
    """Write e-mails about an event that reached no chat: each was given up, or has been failing for minutes."""
    if notification.channel != Notification.Channel.TELEGRAM:
        return
    # One at a time for each event: two chats that fail at once would each think that the other may still be told.
    event = OrderEvent.objects.select_for_update(no_key=True).get(pk=notification.event_id)
    chats = event.notifications.filter(channel=Notification.Channel.TELEGRAM)
    if chats.exclude(pk__in=Notification.objects.failing()).exists():
        return
    by_email = [
        Notification(event=event, channel=Notification.Channel.EMAIL, recipient=mailbox)
        for mailbox in settings.ADMIN_EMAILS
    ]
    Notification.objects.bulk_create(by_email, ignore_conflicts=True)
