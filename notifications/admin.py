"""Admin pages of notifications and moved chats."""

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

from notifications import audiences, outbox
from notifications.channels import label_of
from notifications.models import LONG_DELAY, MovedChat, Notification
from notifications.queue import wake
from orders.models import Order, OrderEvent
from shop.admin.pages import RecordAdmin

# Its rows only wake the worker; the results for staff are on the notifications.
admin.site.unregister(ProcrastinateJob)


def count_undelivered() -> int:
    """Count undelivered notifications and overdue events, for the badge in the side bar."""
    return Notification.objects.undelivered().count() + OrderEvent.objects.overdue(LONG_DELAY).count()


@admin.display(description=_("told"))
def told(order: Order) -> str:
    """List the notifications of an order with their status (for settings.ORDER_ADMIN_FIELDS)."""
    rows = Notification.objects.filter(event__order=order).order_by("pk")
    return "; ".join(f"{row}: {row.outcome}" for row in rows) or "—"


class UndeliveredFilter(admin.SimpleListFilter):
    """Filter by undelivered notifications, as counted in the side bar."""

    title = _("delivery")
    parameter_name = "undelivered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Failed or late"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(pk__in=Notification.objects.undelivered()) if self.value() == "yes" else queryset


class ChannelFilter(admin.SimpleListFilter):
    """Filter by channel, with the choices of the settings: a SELECT DISTINCT would read the whole table."""

    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, label_of(name)) for name in settings.CHANNELS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(channel=self.value()) if self.value() else queryset


@admin.register(Notification)
class NotificationAdmin(RecordAdmin):
    """Admin of the outbox: notifications with their status, attempts and last error."""

    LABELS: ClassVar[dict[str, str]] = {
        Notification.Status.PENDING: "info",
        Notification.Status.SENT: "success",
        Notification.Status.FAILED: "danger",
    }

    list_display = [
        "order",
        "audience_label",
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
        """Deny editing a row; the action "send again" needs the permission to change."""
        return obj is None and super().has_change_permission(request, obj)

    @admin.display(description=_("order"), ordering="event__order_id")
    def order(self, notification: Notification) -> str:
        return str(notification.event.order)

    @admin.display(description=_("audience"), ordering="audience")
    def audience_label(self, notification: Notification) -> str:
        """Return the audience's label."""
        return str(audiences.LABELS.get(notification.audience, notification.audience))

    @admin.display(description=_("channel"), ordering="channel")
    def channel_label(self, notification: Notification) -> str:
        """Return the channel's label."""
        return label_of(notification.channel)

    @display(description=_("state"), ordering="status", label=LABELS)  # type: ignore[untyped-decorator]
    def status_label(self, notification: Notification) -> tuple[str, str]:
        """Return the status and its label; the status selects the colour."""
        return notification.status, notification.get_status_display()

    @admin.display(description=_("next attempt at"), ordering="next_attempt_at", empty_value="—")
    def next_attempt(self, notification: Notification) -> datetime | None:
        """Return the time of the next attempt, None unless the notification is pending."""
        return notification.next_attempt_at if notification.status == Notification.Status.PENDING else None

    @admin.action(description=_("Send again"), permissions=["change"])
    def send_again(self, request: HttpRequest, notifications: QuerySet[Notification]) -> None:
        """Reset the selected notifications and wake the worker."""
        for notification in notifications:
            outbox.send_again(notification)
            wake(notification.channel, notification.address)
        messages.success(request, gettext("They are on their way again."))


@admin.register(MovedChat)
class MovedChatAdmin(RecordAdmin):
    """Admin of groups that became supergroups; a row can be deleted once MANAGER_CHAT_ID has the new id."""

    list_display = ["old_chat_id", "new_chat_id", "created_at"]
    ordering = ["-id"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Allow deletion by permission: with the next message to the old id, Telegram reports the new one again."""
        return bool(super(RecordAdmin, self).has_delete_permission(request, obj))
