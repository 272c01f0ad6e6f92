"""Variants: what is sold. Each product has at least one."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from catalog.freshness.triggers import on_rows, on_truncate
from catalog.models.derived import CheckTrigger, DeriveTrigger, update_of
from catalog.models.images import validate_images
from catalog.models.products import Product

LOW = 5  # pieces: from here on customers see how many there are


class Variant(models.Model):
    """What a customer orders: a product in one combination of its options, with a price and a stock of its own.

    `stock` is written by catalog.stock and by the statement that places an order, which also record the movement.
    """

    # catalog_variant_option_values_once begins with it.
    product = models.ForeignKey(
        Product, models.CASCADE, verbose_name=_("product"), related_name="variants", db_index=False
    )
    option_values = ArrayField(
        models.CharField(max_length=50),
        verbose_name=_("options"),
        default=list,
        blank=True,
        help_text=_("One value for each option of the product."),
    )
    sku = models.CharField(_("SKU"), max_length=64, unique=True)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)
    old_price = models.DecimalField(
        _("old price"), max_digits=12, decimal_places=2, null=True, blank=True, help_text=_("Shown crossed out.")
    )
    stock = models.IntegerField(
        _("stock"),
        null=True,
        blank=True,
        # The column holds twice as many: stock returned by cancelled orders must fit, too.
        validators=[MaxValueValidator(1_000_000_000)],
        help_text=_("Empty: not counted, always there."),
    )
    weight_g = models.PositiveIntegerField(
        _("weight, g"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(1_000_000)],
        help_text=_("With packaging. For delivery methods that count it."),
    )
    images = models.JSONField(
        _("pictures"),
        default=list,
        blank=True,
        validators=[validate_images],
        help_text=_("Of this variant; if there are none, those of the product are shown."),
    )
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Smaller numbers come first."))
    is_active = models.BooleanField(_("on sale"), default=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    # No index may contain `stock`: then a sale is a HOT update, which touches no index.
    is_available = models.GeneratedField(
        # The stubs do not know that a condition is an expression.
        expression=Q(stock=None) | Q(stock__gt=0),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    # What customers see of a counted stock. It changes with the last few pieces only, and so does the revision.
    max_quantity = models.GeneratedField(
        expression=Case(When(stock__lte=LOW, then=F("stock")), default=Value(None)),
        output_field=models.IntegerField(null=True),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("prices and stock")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "option_values"],
                name="catalog_variant_option_values_once",
                deferrable=models.Deferrable.DEFERRED,  # two variants may swap their options
                violation_error_message=_("The product has a variant with these options already."),
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0),
                name="catalog_variant_price_not_negative",
                violation_error_message=_("The price cannot be below zero."),
            ),
            models.CheckConstraint(
                condition=Q(old_price__gt=F("price")),
                name="catalog_variant_old_price_above_price",
                violation_error_message=_("The old price must be above the price."),
            ),
            models.CheckConstraint(
                condition=Q(stock__gte=0),
                name="catalog_variant_stock_not_negative",
                violation_error_message=_("The stock cannot be below zero."),
            ),
        ]
        indexes = [
            # SKUs are searched regardless of case.
            models.Index(Upper("sku"), name="catalog_variant_upper_sku"),
        ]
        triggers = [
            on_rows(pgtrigger.Insert | pgtrigger.Delete, name="catalog_variant_rows"),
            on_rows(
                pgtrigger.Update,
                name="catalog_variant_changes",
                condition=pgtrigger.AnyChange(exclude=["stock", "updated_at", "weight_g"]),
            ),
            on_truncate(name="catalog_variant_truncated"),
            DeriveTrigger(pgtrigger.Insert, name="catalog_variant_derive_inserted"),
            DeriveTrigger(pgtrigger.Update, name="catalog_variant_derive_updated"),
            DeriveTrigger(pgtrigger.Delete, name="catalog_variant_derive_deleted"),
            CheckTrigger(pgtrigger.Insert | pgtrigger.Delete, name="catalog_variant_check_rows"),
            CheckTrigger(update_of("product_id", "option_values"), name="catalog_variant_check_options"),
        ]

    def __str__(self) -> str:
        # The name of the product only if it was fetched with the row.
        product = self._state.fields_cache.get("product")
        return "; ".join([str(product) if product else self.sku, *self.option_values])

    def clean(self) -> None:
        """Refuse empty values of options.

        :raises ValidationError: naming the field.
        """
        if any(not value.strip() for value in self.option_values):
            raise ValidationError({"option_values": _("Write a value for each option.")})
