"""Stock ledger: every change of a variant's stock."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models.variants import Variant


class StockMovement(models.Model):
    """Change of a variant's stock. Rows are append-only, and written in the transaction of the change.

    Counting a variant begins at 0: the sum of all `delta` is its stock, 0 while it is not counted.
    """

    class Reason(models.TextChoices):
        """Why the stock changed."""

        SOLD = "sold", _("sold")
        CANCELLED = "cancelled", _("order cancelled")
        RECEIVED = "received", _("received")
        COUNTED = "counted", _("counted")

    # catalog_movement_of_variant begins with it. The database checks neither key: an order would pay for two more
    # checks of each item, although it locks the variant and refers to the customer anyway.
    variant = models.ForeignKey(
        Variant,
        models.CASCADE,
        verbose_name=_("variant"),
        related_name="movements",
        db_index=False,
        db_constraint=False,
    )
    delta = models.IntegerField(_("change"))
    balance = models.IntegerField(_("stock after it"), help_text=_("0 if the variant is not counted any more."))
    reason = models.CharField(_("reason"), max_length=16, choices=Reason)
    # Not a foreign key: orders are an app above this one, which never deletes an order.
    order_id = models.BigIntegerField(_("order"), null=True, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("who"),
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # no query filters by actor
        db_constraint=False,
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        indexes = [models.Index(fields=["variant", "-id"], name="catalog_movement_of_variant")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(delta=0),
                name="catalog_stockmovement_delta_not_zero",
                violation_error_message=_("A movement changes the stock."),
            ),
            models.CheckConstraint(
                condition=Q(balance__gte=0),
                name="catalog_stockmovement_balance_not_negative",
                violation_error_message=_("The stock cannot be below zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.delta:+d}"
