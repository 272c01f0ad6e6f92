"""Notifications and moved chats in the back office."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob
from unfold.decorators import display

from notifications import outbox
from notifications.channels import label_of
from notifications.models import LONG_DELAY, MovedChat, Notification
from notifications.queue import wake
from orders.models import Order, OrderEvent
from shop.admin.pages import RecordAdmin

# Its rows are wake-up calls; what staff want to know is on the notifications.
admin.site.unregister(ProcrastinateJob)


def count_undelivered() -> int:
    """Count what staff must look after: undelivered notifications, and events that no dispatcher has finished."""
    return Notification.objects.undelivered().count() + OrderEvent.objects.overdue(LONG_DELAY).count()


@admin.display(description=_("told"))
def told(order: Order) -> str:
    """Say who was told of an order, and whether it arrived (for settings.ORDER_ADMIN_FIELDS)."""
    rows = Notification.objects.filter(event__order=order).order_by("pk")
    return "; ".join(f"{row}: {row.outcome}" for row in rows) or "—"


class UndeliveredFilter(admin.SimpleListFilter):
    """The notifications that the side bar counts."""

    title = _("delivery")
    parameter_name = "undelivered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Failed or late"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(pk__in=Notification.objects.undelivered()) if self.value() == "yes" else queryset


class ChannelFilter(admin.SimpleListFilter):
    """The channels of the settings: asking the table for its own would read all of it."""

    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, label_of(name)) for name in settings.CHANNELS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(channel=self.value()) if self.value() else queryset


@admin.register(Notification)
class NotificationAdmin(RecordAdmin):
    """The outbox: what went out, what waits, what failed and why."""

    LABELS: ClassVar[dict[str, str]] = {
        Notification.Status.PENDING: "info",
        Notification.Status.SENT: "success",
        Notification.Status.FAILED: "danger",
    }

    list_display = [
        "order",
        "audience",
        "channel_label",
        "address",
        "status_label",
        "attempts",
        "first_attempt_at",
        "next_attempt",
        "sent_at",
        "last_error",
    ]
    list_filter = [UndeliveredFilter, "status", ChannelFilter]
    list_select_related = ["event__order"]
    search_fields = ["=event__order__id", "address"]
    search_help_text = _("The number of an order, or a recipient.")
    ordering = ["-id"]
    actions = ["send_again"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody edits a row; sending again needs the right to change."""
        return obj is None and super().has_change_permission(request, obj)

    @admin.display(description=_("order"), ordering="event__order_id")
    def order(self, notification: Notification) -> str:
        """The order it is about."""
        return str(notification.event.order)

    @admin.display(description=_("channel"), ordering="channel")
    def channel_label(self, notification: Notification) -> str:
        """The channel, by its name for staff."""
        return label_of(notification.channel)

    @display(description=_("state"), ordering="status", label=LABELS)  # type: ignore[untyped-decorator]
    def status_label(self, notification: Notification) -> tuple[str, str]:
        """The state, in its colour."""
        return notification.status, notification.get_status_display()

    @admin.display(description=_("next attempt at"), ordering="next_attempt_at", empty_value="—")
    def next_attempt(self, notification: Notification) -> datetime | None:
        """When it is tried next, if it is to be tried at all."""
        return notification.next_attempt_at if notification.status == Notification.Status.PENDING else None

    @admin.action(description=_("Send again"), permissions=["change"])
    def send_again(self, request: HttpRequest, notifications: QuerySet[Notification]) -> None:
        """Start over with what was ticked."""
        for notification in notifications:
            outbox.send_again(notification)
            wake(notification.channel, notification.address)
        messages.success(request, gettext("They are on their way again."))


@admin.register(MovedChat)
class MovedChatAdmin(RecordAdmin):
    """Groups that became supergroups; a row may be deleted once MANAGER_CHAT_ID has the new id."""

    list_display = ["old_chat_id", "new_chat_id", "created_at"]
    ordering = ["-id"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody edits."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Deleting forgets the move, which Telegram will then tell again."""
        return bool(super(RecordAdmin, self).has_delete_permission(request, obj))
