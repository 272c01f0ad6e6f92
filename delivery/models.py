"""Delivery methods and pick-up points, which the merchant edits in the back office."""

from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from catalog.freshness.triggers import on_rows, on_truncate

MAX_GRAMS = 1_000_000
MAX_DAYS = 60  # from today to the day that a customer may choose


class DeliveryMethodQuerySet(models.QuerySet["DeliveryMethod"]):
    """Delivery methods that customers can choose."""

    def active(self) -> "DeliveryMethodQuerySet":
        """Keep the active ones, in their order, with `points`: their active pick-up points."""
        points = models.Prefetch("pickup_points", PickupPoint.objects.active(), to_attr="points")
        methods = self.filter(is_active=True).order_by("position", "pk")
        return methods.prefetch_related(points)  # type: ignore[no-redef]  # the model declares it


class DeliveryMethod(models.Model):
    """Delivery method with its price. A zone is a method: "Courier, Moscow", "Courier, region"."""

    class Kind(models.TextChoices):
        """Kind of delivery, which says what the customer has to fill in (`fields`)."""

        COURIER = "courier", _("courier")
        PICKUP = "pickup", _("pick-up at a point of the shop")
        CARRIER_POINT = "carrier_point", _("pick-up point of a carrier")
        POST = "post", _("post")
        DIGITAL = "digital", _("by message, without delivery")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(
        _("description"), max_length=300, blank=True, help_text=_("Such as “Tomorrow from 10 to 18”.")
    )
    places = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("places"),
        default=list,
        blank=True,
        help_text=_("Towns, or the first digits of postcodes, one on a line. Empty: everywhere."),
    )
    price = models.DecimalField(
        _("price"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Empty: you set it for each order, and the customer agrees to it. 0: free."),
    )
    free_from = models.DecimalField(
        _("free from"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Sum of the products after discounts. Empty: never free."),
    )
    min_total = models.DecimalField(
        _("minimum order"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        help_text=_("Sum of the products after discounts. 0: no minimum."),
    )
    per_kg = models.DecimalField(
        _("price per kilogram"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_(
            "Added for each kilogram begun above the included weight. If the weight of a product is not known, you set"
            " the price for the order."
        ),
    )
    included_g = models.PositiveIntegerField(
        _("included weight, g"), default=0, validators=[MaxValueValidator(MAX_GRAMS)]
    )
    max_weight_g = models.PositiveIntegerField(
        _("maximum weight, g"), null=True, blank=True, validators=[MaxValueValidator(MAX_GRAMS)]
    )
    first_day = models.PositiveSmallIntegerField(
        _("earliest delivery, days"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MAX_DAYS)],
        help_text=_("Days from today to the first day that a customer may choose. Empty: customers choose no day."),
    )
    slots = ArrayField(
        models.CharField(max_length=50),
        verbose_name=_("times"),
        default=list,
        blank=True,
        help_text=_("Such as 10:00–14:00, one on a line. Empty: customers choose no time."),
    )
    is_active = models.BooleanField(_("offered"), default=True)
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Smaller numbers come first."))
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    history = HistoricalRecords()
    objects: ClassVar[Any] = DeliveryMethodQuerySet.as_manager()

    # Set by active() only; the type checker knows the attribute of a Prefetch only where it is created.
    points: list["PickupPoint"]
    last_day: ClassVar = MAX_DAYS

    class Meta:
        verbose_name = _("delivery method")
        verbose_name_plural = _("delivery methods")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["courier", "pickup", "carrier_point", "post", "digital"]),
                name="delivery_deliverymethod_kind_known",
                violation_error_message=_("There is no such kind of delivery."),
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{column}__gte": 0}),
                    name=f"delivery_deliverymethod_{column}_not_negative",
                    violation_error_message=_("The amount cannot be below zero."),
                )
                for column in ("price", "free_from", "min_total", "per_kg")
            ],
        ]
        triggers = [
            on_rows(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, name="delivery_deliverymethod_rows"),
            on_truncate(name="delivery_deliverymethod_truncated"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def fields(self) -> list[str]:
        """Fields of a delivery choice that this method needs."""
        if self.kind == self.Kind.DIGITAL:
            return []
        fields = {
            self.Kind.COURIER: ["address"],
            self.Kind.PICKUP: ["pickup_point_id"],
            self.Kind.CARRIER_POINT: ["town", "address"],
            self.Kind.POST: ["postcode", "town", "address"],
        }[self.Kind(self.kind)]
        if self.kind == self.Kind.COURIER and self.places:
            fields = ["postcode" if all(map(str.isdecimal, self.places)) else "town", *fields]
        return fields + ["deliver_on"] * (self.first_day is not None) + ["slot"] * bool(self.slots)

    @property
    def counts_weight(self) -> bool:
        """Whether the weight of the order matters."""
        return self.per_kg is not None or self.max_weight_g is not None


class PickupPointQuerySet(models.QuerySet["PickupPoint"]):
    """Pick-up points that customers can choose."""

    def active(self) -> "PickupPointQuerySet":
        """Keep the active ones, by town and position."""
        return self.filter(is_active=True).order_by("town", "position", "pk")


class PickupPoint(models.Model):
    """Point of the shop where customers pick up their orders."""

    method = models.ForeignKey(
        DeliveryMethod,
        models.CASCADE,
        verbose_name=_("delivery method"),
        related_name="pickup_points",
        limit_choices_to={"kind": "pickup"},
    )
    name = models.CharField(_("name"), max_length=100)
    town = models.CharField(_("town"), max_length=100)
    address = models.CharField(_("address"), max_length=300)
    hours = models.CharField(_("hours"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    is_active = models.BooleanField(_("offered"), default=True)
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Smaller numbers come first."))

    history = HistoricalRecords()
    objects: ClassVar[Any] = PickupPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("pick-up point")
        verbose_name_plural = _("pick-up points")
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True) | Q(latitude__range=(-90, 90)),
                name="delivery_pickuppoint_latitude_range",
                violation_error_message=_("The latitude is between -90 and 90."),
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True) | Q(longitude__range=(-180, 180)),
                name="delivery_pickuppoint_longitude_range",
                violation_error_message=_("The longitude is between -180 and 180."),
            ),
        ]
        triggers = [
            on_rows(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, name="delivery_pickuppoint_rows"),
            on_truncate(name="delivery_pickuppoint_truncated"),
        ]

    def __str__(self) -> str:
        """Return the point as an order keeps it."""
        return f"{self.name}, {self.town}, {self.address}"
