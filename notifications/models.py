"""Models of the outbox: notifications (one row per event and address) and moved chats."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from notifications.channels import label_of
from orders.models import OrderEvent

# After this time, a message that has not arrived is shown to staff as undelivered.
LONG_DELAY = timedelta(minutes=10)


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Query set of notifications, by delivery."""

    def due(self) -> "NotificationQuerySet":
        """Filter the notifications to send now."""
        return self._due_unless(
            Notification.objects.held().filter(channel=models.OuterRef("channel"), address=models.OuterRef("address"))
        )

    def due_to(self, channel: str, address: str) -> "NotificationQuerySet":
        """Filter the notifications to send now to one address; the hold is checked once, not for each row."""
        held = Notification.objects.held().filter(channel=channel, address=address)
        return self._due_unless(held).filter(channel=channel, address=address)

    def held(self) -> "NotificationQuerySet":
        """Filter the notifications that Telegram has rate-limited; they also hold others for the same chat."""
        return self.filter(status=Notification.Status.PENDING, held_until__gt=Now())

    def failing(self) -> "NotificationQuerySet":
        """Filter failed notifications, pending ones whose first attempt was LONG_DELAY ago, and `blocked` ones."""
        failed = Q(status=Notification.Status.FAILED)
        return self.filter(failed | _pending_since("first_attempt_at") | _is_blocked())

    def blocked(self) -> "NotificationQuerySet":
        """Filter pending notifications of events LONG_DELAY ago to an address that has been failing for LONG_DELAY.

        They may never be tried: each attempt goes to the oldest row, and a job ends with a failed attempt.
        """
        return self.filter(_is_blocked())

    def without_fallback(self) -> "NotificationQuerySet":
        """Filter notifications of which neither the fallback was written nor another one of the audience was sent."""
        others = Notification.objects.filter(event=models.OuterRef("event"), audience=models.OuterRef("audience"))
        fallback = others.exclude(channel=models.OuterRef("channel"))
        sent = others.filter(status=Notification.Status.SENT)
        return self.filter(~models.Exists(fallback), ~models.Exists(sent))

    def undelivered(self) -> "NotificationQuerySet":
        """Filter failing notifications, and pending ones that no worker has taken for LONG_DELAY."""
        return self.filter(
            Q(status=Notification.Status.FAILED)
            | _pending_since("first_attempt_at")
            | _pending_since("next_attempt_at")
        )

    def _due_unless(self, held: "NotificationQuerySet") -> "NotificationQuerySet":
        # By the database's clock: those of the machines may differ.
        return self.filter(~models.Exists(held), status=Notification.Status.PENDING, next_attempt_at__lte=Now())


def _is_blocked() -> Q:
    # The next attempt is scheduled, so the last one is recent: after a stop of the worker the row would be due.
    failing = Notification.objects.filter(
        _pending_since("first_attempt_at"),
        channel=models.OuterRef("channel"),
        address=models.OuterRef("address"),
        next_attempt_at__gt=Now(),
    )
    return Q(models.Exists(failing), status=Notification.Status.PENDING, event__created_at__lte=Now() - LONG_DELAY)


def _pending_since(field: str) -> Q:
    return Q(status=Notification.Status.PENDING, **{f"{field}__lte": Now() - LONG_DELAY})


class Notification(models.Model):
    """A message about an event to one address, written when the event is dispatched."""

    class Status(models.TextChoices):
        """Status of the delivery."""

        PENDING = "pending", _("pending")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    event = models.ForeignKey(
        OrderEvent,
        models.CASCADE,
        verbose_name=_("event"),
        related_name="notifications",
        db_index=False,  # notifications_notification_once begins with it
    )
    # The database defaults are for rows that web processes of the previous version write during an update.
    audience = models.CharField(_("audience"), max_length=32, db_default="managers")
    channel = models.CharField(_("channel"), max_length=16)
    address = models.CharField(
        _("recipient"), max_length=254, db_column="recipient", help_text=_("A chat id or an e-mail address.")
    )
    template = models.CharField(_("template"), max_length=64, db_default="order")
    language = models.CharField(
        _("language"), max_length=8, blank=True, db_default="", help_text=_("Empty: the shop's language.")
    )
    status = models.CharField(_("state"), max_length=16, choices=Status, default=Status.PENDING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    # Retries end 24 hours after this; null until the first attempt.
    first_attempt_at = models.DateTimeField(_("first attempt at"), null=True, blank=True)
    # While a worker is sending, this is the end of its lease.
    next_attempt_at = models.DateTimeField(_("next attempt at"), db_default=Now())
    # Telegram has rate-limited this chat until then; other notifications for it wait too.
    held_until = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    message_id = models.BigIntegerField(_("message id"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    LEASE = timedelta(seconds=120)

    objects: ClassVar[models.Manager["Notification"]] = NotificationQuerySet.as_manager()

    # Set on rows that the outbox has claimed: the current id of a moved chat.
    moved_to: str | None

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        db_table = "orders_notification"  # the app of orders had this table before
        indexes = [
            # For the worker, which reads the next pending rows of an address; most rows are sent.
            models.Index(
                fields=["channel", "address", "id"],
                condition=Q(status="pending"),
                name="orders_notification_pending",
            ),
            models.Index(
                fields=["channel", "address"],
                condition=Q(status="pending", held_until__isnull=False),
                name="orders_notification_held",
            ),
            # For the admin, which counts these on each page.
            models.Index(fields=["id"], condition=Q(status="failed"), name="orders_notification_failed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "audience", "channel", "address"],
                name="notifications_notification_once",
                violation_error_message=_("This recipient has a message about this event already."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "sent", "failed"]),
                name="orders_notification_status_known",
                violation_error_message=_("There is no such state."),
            ),
        ]

    def __str__(self) -> str:
        return f"{label_of(self.channel)} {self.address}"

    @property
    def outcome(self) -> str:
        """Label of the status, with the last error if there is one."""
        status = str(self.get_status_display())
        return f"{status} ({self.last_error})" if self.last_error else status


class MovedChat(models.Model):
    """Group that became a supergroup: Telegram gave it a new id, the configuration still has the old one."""

    old_chat_id = models.CharField(_("old chat id"), max_length=64, unique=True)
    new_chat_id = models.CharField(_("new chat id"), max_length=64)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("moved chat")
        verbose_name_plural = _("moved chats")
        db_table = "orders_movedchat"

    def __str__(self) -> str:
        return f"{self.old_chat_id} → {self.new_chat_id}"
