"""Promotions, which the merchant edits in the back office, and their uses by orders."""

import datetime
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from catalog.freshness.triggers import on_rows, on_truncate
from orders.models import Order

CODE = r"\A[0-9A-ZА-ЯЁ_-]{3,32}\Z"
# Cyrillic letters that look like Latin ones: both spellings of a code find it.
LOOK_ALIKE = str.maketrans("АВЕЁКМНОРСТУХ", "ABEEKMHOPCTYX")


def normal_code(code: str) -> str:
    """Return a code in upper case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", code).upper().split())


def key_of(code: str) -> str:
    """Return a code as it looks: codes that look the same have the same key."""
    return normal_code(code).translate(LOOK_ALIKE)


class PromotionQuerySet(models.QuerySet["Promotion"]):
    """Promotions that customers can get."""

    def active(self) -> "PromotionQuerySet":
        """Keep those that staff have not switched off."""
        return self.filter(is_active=True).order_by("pk")


class Promotion(models.Model):
    """Promotion: a discount or free delivery, with a code or for everybody."""

    class Kind(models.TextChoices):
        """What a promotion gives."""

        PERCENT = "percent", _("percent off")
        FIXED = "fixed", _("amount off")
        FREE_DELIVERY = "free_delivery", _("free delivery")

    name = models.CharField(_("name"), max_length=100, help_text=_("Customers see it, such as “Spring sale”."))
    code = models.CharField(
        _("code"),
        max_length=32,
        blank=True,
        validators=[RegexValidator(CODE, _("Write 3 to 32 letters, digits, - or _."))],
        help_text=_("Such as SPRING. Empty: for everybody, without a code."),
    )
    code_key = models.CharField(max_length=32, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    value = models.DecimalField(
        _("value"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        help_text=_("Percent, or an amount. Free delivery has none."),
    )
    max_discount = models.DecimalField(
        _("discount at most"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("For a percentage. Empty: no limit."),
    )
    min_total = models.DecimalField(
        _("minimum order"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        help_text=_("Sum of the products. 0: no minimum."),
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    usage_limit = models.PositiveIntegerField(
        _("uses at most"), null=True, blank=True, help_text=_("By all customers. Cancelled orders do not count.")
    )
    used = models.PositiveIntegerField(_("used"), default=0, db_default=0, editable=False)
    once_per_customer = models.BooleanField(_("once per customer"), default=False)
    first_order_only = models.BooleanField(_("for the first order only"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    history = HistoricalRecords(excluded_fields=["used", "code_key"])
    objects: ClassVar[Any] = PromotionQuerySet.as_manager()

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        constraints = [
            models.UniqueConstraint(
                fields=["code_key"],
                condition=~Q(code_key=""),
                name="promotions_promotion_code_once",
                violation_error_message=_("There is a promotion with this code, or with one that looks the same."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["percent", "fixed", "free_delivery"]),
                name="promotions_promotion_kind_known",
                violation_error_message=_("There is no such kind of promotion."),
            ),
            models.CheckConstraint(
                condition=(Q(kind="percent") & Q(value__gte=1) & Q(value__lte=100))
                | (Q(kind="fixed") & Q(value__gt=0))
                | Q(kind="free_delivery", value=0),
                name="promotions_promotion_value_of_kind",
                violation_error_message=_("A percentage is from 1 to 100, an amount above zero; free delivery has 0."),
            ),
            models.CheckConstraint(
                condition=Q(min_total__gte=0) & (Q(max_discount=None) | Q(max_discount__gt=0)),
                name="promotions_promotion_amounts_positive",
                violation_error_message=_("Amounts cannot be below zero."),
            ),
            models.CheckConstraint(
                condition=Q(usage_limit=None) | Q(used__lte=F("usage_limit")),
                name="promotions_promotion_used_within_limit",
                violation_error_message=_("The limit cannot be below the number of uses so far."),
            ),
            models.CheckConstraint(
                condition=~Q(code="") | Q(usage_limit=None),
                name="promotions_promotion_automatic_unlimited",
                violation_error_message=_("A promotion without a code has no limit of uses."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="promotions_promotion_ends_after_start",
                violation_error_message=_("The last day cannot be before the first one."),
            ),
        ]
        triggers = [
            on_rows(pgtrigger.Insert | pgtrigger.Delete, name="promotions_promotion_rows"),
            on_rows(
                pgtrigger.Update,
                name="promotions_promotion_changes",
                condition=pgtrigger.AnyChange(exclude=["used", "updated_at"]),
            ),
            on_truncate(name="promotions_promotion_truncated"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})" if self.code else self.name

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save the code in upper case, with its key."""
        self.code = normal_code(self.code)
        self.code_key = key_of(self.code)
        if update_fields is not None and "code" in update_fields:
            update_fields = {*update_fields, "code_key"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def runs_on(self, day: datetime.date) -> bool:
        """Return whether a day is one of the promotion's."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)

    @property
    def once(self) -> bool:
        """Whether a customer can use it once only."""
        return self.once_per_customer or self.first_order_only

    @property
    def terms(self) -> dict[str, str | None]:
        """What the discount is computed from; orders keep it."""
        return {
            "kind": self.kind,
            "value": f"{self.value:.2f}",
            "max_discount": None if self.max_discount is None else f"{self.max_discount:.2f}",
            "min_total": f"{self.min_total:.2f}",
        }

    def discount_of(self, subtotal: Decimal) -> Decimal:
        """Return the discount on products of that sum, in whole hundredths; 0 for free delivery."""
        if self.kind == self.Kind.PERCENT:
            percent = (subtotal * self.value / 100).quantize(Decimal("0.01"))
            return min(percent, subtotal if self.max_discount is None else self.max_discount)
        return min(self.value, subtotal)


class PromotionUse(models.Model):
    """Use of a promotion by an order; deleted when the order is cancelled."""

    promotion = models.ForeignKey(
        Promotion, models.PROTECT, verbose_name=_("promotion"), related_name="uses", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("customer"), related_name="+", db_index=False
    )
    order = models.OneToOneField(Order, models.CASCADE, verbose_name=_("order"), related_name="promotion_use")
    once = models.BooleanField(editable=False)

    class Meta:
        verbose_name = _("use of a promotion")
        verbose_name_plural = _("uses of promotions")
        constraints = [
            models.UniqueConstraint(
                fields=["promotion", "user"],
                condition=Q(once=True),
                name="promotions_promotionuse_once",
                violation_error_message=_("The customer has used this promotion already."),
            )
        ]
        indexes = [models.Index(fields=["promotion"], name="promotions_use_of_promotion")]

    def __str__(self) -> str:
        return f"{self.promotion_id}: {self.order_id}"
