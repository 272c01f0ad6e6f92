"""Models of orders, their items, adjustments and events."""

from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from catalog.models import Product, Variant
from orders.statuses import Status


class OrderQuerySet(models.QuerySet["Order"]):
    """Query set of orders: by customer, with related rows."""

    def of(self, user: User) -> "OrderQuerySet":
        """Filter by customer."""
        return self.filter(user=user)

    def with_items(self) -> "OrderQuerySet":
        """Prefetch `item_list` and `adjustment_list`, with two more queries for all orders."""
        items = models.Prefetch("items", OrderItem.objects.order_by("pk"), to_attr="item_list")
        adjustments = models.Prefetch("adjustments", OrderAdjustment.objects.order_by("pk"), to_attr="adjustment_list")
        return self.prefetch_related(items, adjustments)  # type: ignore[no-redef]  # the model declares it

    def with_details(self) -> "OrderQuerySet":
        """Prefetch `item_list`, `adjustment_list` and `history`, with three more queries for all orders."""
        history = models.Prefetch("events", OrderEvent.objects.order_by("pk"), to_attr="history")
        return self.with_items().prefetch_related(history)  # type: ignore[no-redef]  # the model declares it


class Order(models.Model):
    """Order of one customer. Its items never change; its status does, and a delivery price that was to be confirmed."""

    # The number that people read. From a sequence, so that its start can be chosen; refused orders leave gaps.
    number = models.BigIntegerField(
        _("number"),
        unique=True,
        editable=False,
        db_default=models.Func(models.Value("orders_order_number"), function="nextval"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("customer"),
        related_name="orders",
        db_index=False,  # orders_order_user_newest begins with it
    )
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.NEW)
    subtotal = models.DecimalField(_("products"), max_digits=12, decimal_places=2)
    discount = models.DecimalField(_("discount"), max_digits=12, decimal_places=2, default=0, db_default=0)
    # Sum of the adjustments of other kinds.
    surcharge = models.DecimalField(_("surcharge"), max_digits=12, decimal_places=2, default=0, db_default=0)
    delivery_price = models.DecimalField(
        _("delivery price"), max_digits=12, decimal_places=2, null=True, blank=True, default=0, db_default=0
    )
    total = models.DecimalField(_("total"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    contact_name = models.CharField(pgettext_lazy("of a person", "name"), max_length=301, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    address = models.CharField(_("address"), max_length=500, blank=True)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    # Copied from the delivery method, so that a later change of the method changes no order. "": without a method.
    delivery_kind = models.CharField(_("delivery"), max_length=16, blank=True, default="", db_default="")
    delivery_method_id = models.BigIntegerField(null=True, blank=True, editable=False)
    delivery_name = models.CharField(_("delivery"), max_length=100, blank=True, default="", db_default="")
    pickup_point = models.CharField(_("pick-up point"), max_length=700, blank=True, default="", db_default="")
    postcode = models.CharField(_("postcode"), max_length=12, blank=True, default="", db_default="")
    town = models.CharField(_("town"), max_length=100, blank=True, default="", db_default="")
    deliver_on = models.DateField(_("deliver on"), null=True, blank=True)
    slot = models.CharField(_("time"), max_length=50, blank=True, default="", db_default="")
    # False from an order whose delivery price the shop has to set until the customer has agreed to that price.
    delivery_agreed = models.BooleanField(_("delivery price agreed"), default=True, db_default=True)
    promotion_id = models.BigIntegerField(null=True, blank=True, editable=False)
    promo_code = models.CharField(_("promo code"), max_length=32, blank=True, default="", db_default="")
    # Terms of the promotion when the order was placed (promotions.models.Promotion.terms).
    promo_terms = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    payment_method_id = models.BigIntegerField(null=True, blank=True, editable=False)
    payment_name = models.CharField(_("payment"), max_length=100, blank=True, default="", db_default="")
    payment_text = models.CharField(_("how to pay"), max_length=1000, blank=True, default="", db_default="")
    # Versions of the shop's pages that the customer agreed to with this order, by slug (merchant.models.Page).
    consent = models.JSONField(_("agreed to"), default=dict, db_default={}, blank=True, editable=False)
    idempotency_key = models.CharField(_("idempotency key"), max_length=255, null=True, blank=True, editable=False)
    # SHA-256 of the request with that key: another request with the same key has another hash and is refused.
    request_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects: ClassVar[models.Manager["Order"]] = OrderQuerySet.as_manager()

    # Set by with_items(), with_details() and place_order() only. Declared because the type checker knows the attributes
    # of a Prefetch only where it is created.
    item_list: list["OrderItem"]
    adjustment_list: list["OrderAdjustment"]
    history: list["OrderEvent"]

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        indexes = [
            # For the list "my orders": the newest rows of one customer.
            models.Index(fields=["user", "-id"], name="orders_order_user_newest"),
            # For staff, who look at the newest orders of a status.
            models.Index(fields=["status", "-id"], name="orders_order_status_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="orders_order_status_known",
                violation_error_message=_("There is no such status."),
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0),
                name="orders_order_total_not_negative",
                violation_error_message=_("The total cannot be below zero."),
            ),
            models.CheckConstraint(
                condition=Q(
                    total=F("subtotal")
                    - F("discount")
                    + F("surcharge")
                    + Coalesce(F("delivery_price"), Decimal(0), output_field=models.DecimalField())
                ),
                name="orders_order_total_is_sum",
                violation_error_message=_("The total is the products less the discount, with delivery and surcharges."),
            ),
            models.CheckConstraint(
                condition=Q(discount__gte=0) & Q(discount__lte=F("subtotal")),
                name="orders_order_discount_of_products",
                violation_error_message=_("The discount cannot be below zero, or above the sum of the products."),
            ),
            models.CheckConstraint(
                condition=Q(delivery_price__gte=0),
                name="orders_order_delivery_price_not_negative",
                violation_error_message=_("The delivery price cannot be below zero."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["new", "cancelled"]) | Q(delivery_agreed=True, delivery_price__isnull=False),
                name="orders_order_delivery_agreed",
                violation_error_message=_("The customer has not agreed to the delivery price yet."),
            ),
            models.UniqueConstraint(
                fields=["user", "idempotency_key"],
                name="orders_order_idempotency_key_once",
                violation_error_message=_("This customer has an order with this key already."),
            ),
        ]

    def __str__(self) -> str:
        return f"№{self.number}"

    @property
    def waits_for_delivery_price(self) -> bool:
        """Whether the shop has to set the delivery price, or the customer to agree to it."""
        return self.status == Status.NEW and not self.delivery_agreed

    @property
    def delivery_summary(self) -> str:
        """Return method, place, day and time on one line, as people read it; "" without a delivery method."""
        place = self.pickup_point or ", ".join(filter(None, [self.postcode, self.town]))
        day = date_format(self.deliver_on, "SHORT_DATE_FORMAT") if self.deliver_on else ""
        return " · ".join(filter(None, [self.delivery_name, place, f"{day} {self.slot}".strip()]))

    def may_become(self, status: str) -> bool:
        """Return whether the table of statuses allows this status next."""
        return status in Status(self.status).may_become


class OrderItem(models.Model):
    """Item of an order, with the name, options and price at the time of the order."""

    order = models.ForeignKey(
        Order,
        models.CASCADE,
        verbose_name=_("order"),
        related_name="items",
        db_index=False,  # orders_orderitem_variant_once begins with it
    )
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="order_items")
    # The variant's product, which never changes: its own key is enough, and a second one would cost each order a check.
    product = models.ForeignKey(
        Product,
        models.DO_NOTHING,
        verbose_name=_("product"),
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    name = models.CharField(_("name"), max_length=200)
    options = ArrayField(models.CharField(max_length=50), verbose_name=_("options"), default=list)
    sku = models.CharField(_("SKU"), max_length=64)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)
    quantity = models.PositiveIntegerField(_("quantity"))
    # Its share of the order's discount.
    discount = models.DecimalField(_("discount"), max_digits=12, decimal_places=2, default=0, db_default=0)
    # False for a variant without a stock count when it was sold: cancelling returns nothing to stock.
    stock_taken = models.BooleanField(_("taken from stock"))

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "variant"],
                name="orders_orderitem_variant_once",
                violation_error_message=_("A variant is one item of an order."),
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1),
                name="orders_orderitem_quantity_positive",
                violation_error_message=_("An item has at least one piece."),
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0),
                name="orders_orderitem_price_not_negative",
                violation_error_message=_("The price cannot be below zero."),
            ),
            models.CheckConstraint(
                condition=Q(discount=0) | Q(discount__gt=0, discount__lte=F("price") * F("quantity")),
                name="orders_orderitem_discount_of_item",
                violation_error_message=_("The discount cannot be below zero, or above the sum of the item."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} × {self.quantity}"

    @property
    def title(self) -> str:
        """Return the name with the options, as people read it."""
        return f"{self.name} ({', '.join(self.options)})" if self.options else self.name

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity


class OrderAdjustment(models.Model):
    """Amount of an order besides its items: a delivery fee, or a discount (below zero)."""

    order = models.ForeignKey(Order, models.CASCADE, verbose_name=_("order"), related_name="adjustments")
    kind = models.CharField(_("kind"), max_length=32)
    label = models.CharField(_("label"), max_length=200)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")

    def __str__(self) -> str:
        return f"{self.label}: {self.amount}"


class OrderEventQuerySet(models.QuerySet["OrderEvent"]):
    """Query set of events, by dispatch."""

    def undispatched(self) -> "OrderEventQuerySet":
        """Filter the events that the dispatcher has not finished."""
        return self.filter(dispatched_at=None)

    def overdue(self, delay: timedelta) -> "OrderEventQuerySet":
        """Filter the undispatched events older than a delay."""
        return self.undispatched().filter(created_at__lte=Now() - delay)


class OrderEvent(models.Model):
    """Event in the history of an order. Rows are append-only, except for `dispatched_at`."""

    class Kind(models.TextChoices):
        """Kind of event."""

        PLACED = "placed", _("placed")
        STATUS_CHANGED = "status_changed", _("status changed")
        DELIVERY_PRICED = "delivery_priced", _("delivery priced")
        DELIVERY_AGREED = "delivery_agreed", _("delivery price agreed")

    order = models.ForeignKey(Order, models.CASCADE, verbose_name=_("order"), related_name="events")
    kind = models.CharField(_("what"), max_length=16, choices=Kind)
    from_status = models.CharField(_("from"), max_length=16, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=16, choices=Status)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("who"),
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # no query filters by actor
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)
    # Events are the outbox: null until all of settings.ORDER_SUBSCRIBERS have returned their messages.
    dispatched_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager["OrderEvent"]] = OrderEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("history")
        indexes = [
            # For the dispatcher, which reads only these; nearly all rows are dispatched.
            models.Index(fields=["id"], condition=Q(dispatched_at=None), name="orders_orderevent_undispatched")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["placed", "status_changed", "delivery_priced", "delivery_agreed"]),
                name="orders_orderevent_kind_known",
                violation_error_message=_("There is no such event."),
            ),
            models.CheckConstraint(
                condition=Q(to_status__in=Status.values) & Q(from_status__in=["", *Status.values]),
                name="orders_orderevent_statuses_known",
                violation_error_message=_("There is no such status."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.get_kind_display()}"
