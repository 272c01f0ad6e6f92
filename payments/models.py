"""Payment methods, which the merchant edits in the back office."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from catalog.freshness.triggers import on_rows, on_truncate


class PaymentMethodQuerySet(models.QuerySet["PaymentMethod"]):
    """Payment methods that customers can choose."""

    def active(self) -> "PaymentMethodQuerySet":
        """Keep the active ones, in their order."""
        return self.filter(is_active=True).order_by("position", "pk")


class PaymentMethod(models.Model):
    """Way to pay outside of the shop: in cash, or by a transfer with the merchant's details."""

    class Kind(models.TextChoices):
        """Kind of payment."""

        CASH = "cash", _("on delivery")
        TRANSFER = "transfer", _("transfer")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    name = models.CharField(_("name"), max_length=100)
    text = models.CharField(
        _("how to pay"),
        max_length=1000,
        blank=True,
        help_text=_("Customers see it with the order, such as the details of a transfer."),
    )
    is_active = models.BooleanField(_("offered"), default=True)
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Smaller numbers come first."))

    history = HistoricalRecords()
    objects: ClassVar[Any] = PaymentMethodQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment method")
        verbose_name_plural = _("payment methods")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["cash", "transfer"]),
                name="payments_paymentmethod_kind_known",
                violation_error_message=_("There is no such kind of payment."),
            )
        ]
        triggers = [
            on_rows(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, name="payments_paymentmethod_rows"),
            on_truncate(name="payments_paymentmethod_truncated"),
        ]

    def __str__(self) -> str:
        return self.name
