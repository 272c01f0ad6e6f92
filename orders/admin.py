"""Admin pages of orders. Every change of an order goes through the service."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten
from django.db import OperationalError
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from psycopg.errors import DeadlockDetected, LockNotAvailable
from unfold.dataclasses import UnfoldAction
from unfold.decorators import display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from accounts.models import User
from merchant.models import Page
from orders.delivery_price import set_delivery_price
from orders.lifecycle import InvalidTransition, change_status
from orders.models import Order, OrderAdjustment, OrderEvent, OrderItem
from orders.statuses import Status, Step
from shop.admin.concurrent_edits import ConcurrentEditForm
from shop.admin.inlines import RecordInline
from shop.admin.pages import RecordAdmin
from shop.errors import DomainError
from shop.money import money


class ItemInline(RecordInline):
    model = OrderItem
    fields = ["name", "sku", "price", "quantity", "line_total"]
    readonly_fields = ["line_total"]
    ordering = ["id"]

    @admin.display(description=_("total"))
    def line_total(self, item: OrderItem) -> str:
        return str(localize(item.total))


class AdjustmentInline(RecordInline):
    model = OrderAdjustment
    fields = ["label", "amount"]
    ordering = ["id"]


class EventInline(RecordInline):
    model = OrderEvent
    fields = ["created_at", "kind", "from_status", "to_status", "who", "note"]
    readonly_fields = ["created_at", "who"]
    ordering = ["id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderEvent]:
        """Fetch the actors in the same query."""
        queryset: QuerySet[OrderEvent] = super().get_queryset(request)
        return queryset.select_related("actor")

    @admin.display(description=_("who"))
    def who(self, event: OrderEvent) -> str:
        return str(event.actor or "—")


COLOURS = {status: status.colour for status in Status}


def _button_name(step: Step) -> str:
    return f"orders_order_{step.name}"


def _bulk_action(status: Status, step: Step) -> Callable[["OrderAdmin", HttpRequest, QuerySet[Order]], None]:
    """Return the bulk action that moves the selected orders to a status."""

    @admin.action(description=step.label, permissions=["change"])
    def move(order_admin: "OrderAdmin", request: HttpRequest, orders: QuerySet[Order]) -> None:
        order_admin.move(request, orders.values_list("pk", flat=True), status)

    move.__name__ = f"{step.name}_selected"  # the value of the choice in the form
    return move


NEW_PRICE = "new_delivery_price"
SET_PRICE = "orders_order_set_delivery_price"


class DeliveryPriceForm(ConcurrentEditForm):
    """Form of an order's page: the delivery price, if the order waits for one."""

    new_delivery_price = forms.DecimalField(
        label=_("set the delivery price"),
        help_text=_("The customer sees it with the order, and agrees to it or cancels the order."),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )

    class Meta:
        model = Order
        fields: ClassVar[list[str]] = []


@admin.register(Order)
class OrderAdmin(RecordAdmin):
    """Admin of orders: read-only, except for the buttons that change the status."""

    list_display = ["number", "created_at", "status_label", "customer", "phone", "sum"]
    list_display_links = ["number"]
    list_filter = ["status", "created_at"]
    list_select_related = ["user"]
    search_fields = ["=number", "contact_name", "phone", "user__telegram_username"]
    search_help_text = _("A number, a name, a phone or a Telegram username.")
    ordering = ["-id"]
    date_hierarchy = None
    form = DeliveryPriceForm
    inlines = [ItemInline, AdjustmentInline, EventInline]
    fields = [
        ("number", "status"),
        ("created_at", "updated_at"),
        ("customer", "sum"),
        ("contact_name", "phone"),
        ("delivery", "delivery_cost"),
        "address",
        ("payment_name", "promo_code"),
        "comment",
        "consented",
    ]
    actions = [_bulk_action(status, status.step) for status in Status if status.step]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Add the fields of other apps (settings.ORDER_ADMIN_FIELDS), and the price that an order waits for."""
        waits = isinstance(obj, Order) and obj.waits_for_delivery_price and self.has_change_permission(request)
        return [*self.fields, *map(import_string, settings.ORDER_ADMIN_FIELDS), *([NEW_PRICE] if waits else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Return all fields but the delivery price to be set: items and other amounts of an order never change."""
        return [name for name in flatten(self.get_fields(request, obj)) if name != NEW_PRICE]

    @admin.display(description=_("order"), ordering="id")
    def number(self, order: Order) -> str:
        """Return the order number as customer and managers see it."""
        return str(order)

    @display(description=_("status"), ordering="status", label=COLOURS)  # type: ignore[untyped-decorator]
    def status_label(self, order: Order) -> tuple[str, str]:
        """Return the status and its label; the status selects the colour."""
        return order.status, order.get_status_display()

    @admin.display(description=_("customer"))
    def customer(self, order: Order) -> str:
        """Return the customer as a link to their page."""
        address = reverse("admin:accounts_user_change", args=[order.user_id])
        return format_html('<a href="{}" class="text-primary-600 dark:text-primary-500">{}</a>', address, order.user)

    @admin.display(description=_("total"), ordering="total")
    def sum(self, order: Order) -> str:
        return money(order.total, order.currency)

    @admin.display(description=_("delivery"))
    def delivery(self, order: Order) -> str:
        return order.delivery_summary or "—"

    @admin.display(description=_("delivery price"))
    def delivery_cost(self, order: Order) -> str:
        """Return the price, and what it waits for."""
        if order.delivery_price is None:
            return gettext("to be set by you")
        price = money(order.delivery_price, order.currency)
        return (
            gettext("%(price)s, the customer has not agreed yet") % {"price": price}
            if (order.waits_for_delivery_price)
            else price
        )

    @admin.display(description=_("agreed to"))
    def consented(self, order: Order) -> str:
        """Return the pages that the customer agreed to, with the versions that the pages' history shows."""
        agreed = sorted(order.consent.items())
        return ", ".join(f"{Page.Slug(slug).label} ({version})" for slug, version in agreed) or "—"

    def move(self, request: HttpRequest, order_ids: Iterable[int], status: Status) -> None:
        """Move orders to a status, and report which of them could not be moved and why."""
        assert isinstance(request.user, User)  # noqa: S101 - the admin requires it
        done = []
        numbers = dict(Order.objects.filter(pk__in=order_ids).values_list("pk", "number"))
        for order_id, number in sorted(numbers.items()):
            try:
                change_status(order_id=order_id, to=status, actor=request.user)
            except InvalidTransition as error:
                messages.error(request, f"№{number}: {error.detail}")
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
                    raise
                messages.error(request, gettext("№%(number)s is being changed right now.") % {"number": number})
            else:
                done.append(f"№{number}")
        if done:
            messages.success(
                request, gettext("%(orders)s: %(status)s.") % {"orders": ", ".join(done), "status": status.label}
            )

    def get_actions_submit_line(self, request: HttpRequest, object_id: Any) -> list[UnfoldAction]:
        """Return the buttons of the steps that the order can take now, for staff who may change orders."""
        order = Order.objects.filter(pk=object_id).first()
        if order is None or not self.has_change_permission(request):
            return []
        return self._price_button(order) + [
            UnfoldAction(
                action_name=_button_name(status.step),
                method=partial(self.move, status=status),
                description=str(status.step.label),
                path=status.step.name,
                icon=status.step.icon,
                variant=ActionVariant.DANGER if status.colour == "danger" else ActionVariant.PRIMARY,
            )
            for status in Status
            if status.step and order.may_become(status)
            if status == Status.CANCELLED or order.delivery_agreed
        ]

    def _price_button(self, order: Order) -> list[UnfoldAction]:
        if not order.waits_for_delivery_price:
            return []
        return [
            UnfoldAction(
                action_name=SET_PRICE,
                method=self.set_delivery_price,
                description=gettext("Set the delivery price"),
                path="set-delivery-price",
                icon="local_shipping",
                variant=ActionVariant.PRIMARY,
            )
        ]

    def set_delivery_price(self, request: HttpRequest, order_id: int, price: Decimal | None) -> None:
        """Set the delivery price, and report why it cannot be set."""
        assert isinstance(request.user, User)  # noqa: S101 - the admin requires it
        if price is None:
            messages.error(request, gettext("Write the delivery price."))
            return
        try:
            order = set_delivery_price(order_id=order_id, price=price, actor=request.user)
        except DomainError as error:
            messages.error(request, error.detail)
        else:
            messages.success(request, f"{order}: {gettext('the customer is asked to agree to the delivery price.')}")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Hide the save buttons: nothing on the page can be edited."""
        hidden = {"show_save": False, "show_save_and_continue": False, "show_save_and_add_another": False}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **hidden})

    def save_model(self, request: HttpRequest, obj: Order, form: BaseForm, change: bool) -> None:
        """Take the step whose button was pressed, through the service, which locks the row."""
        # Not only the steps that are allowed now: if the status has changed since the page was loaded, the service
        # refuses with a message. The admin has checked the permission to change orders before this call.
        if SET_PRICE in request.POST:
            self.set_delivery_price(request, obj.pk, form.cleaned_data.get(NEW_PRICE))
        for status in Status:
            if status.step and _button_name(status.step) in request.POST:
                self.move(request, [obj.pk], status)

    def response_change(self, request: HttpRequest, obj: Order) -> HttpResponse:
        return HttpResponseRedirect(request.path)
