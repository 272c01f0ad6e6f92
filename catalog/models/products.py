"""Products, and the columns that are derived from their variants."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from catalog.freshness.triggers import on_rows, on_truncate
from catalog.models.categories import Category, visible_ids
from catalog.models.derived import CheckTrigger, update_of
from catalog.models.images import validate_images
from catalog.models.properties import validate_properties

NAME_KEY = "(translate(lower({}), 'ё', 'е') COLLATE \"C\")"


class NameKey(Func):
    """Sort key for product names: independent of the database's collation, with ё beside е."""

    # Without parameters, so that PostgreSQL matches it with the expression of the index.
    template = NAME_KEY.format("%(expressions)s")
    output_field = models.TextField()


class ProductQuerySet(models.QuerySet["Product"]):
    """Products on sale."""

    def on_sale(self) -> "ProductQuerySet":
        """Keep the products that customers see: active and in a visible category."""
        return self.filter(is_active=True, category_id__in=visible_ids())


ACTIVE = Q(is_active=True)
MAX_OPTIONS = 3
RESERVED_SLUGS = frozenset({"facets", "suggest"})  # paths beside the products in the API


def validate_product_slug(slug: str) -> None:
    """Check that the API can find a product by a new slug; products of before may have any.

    :raises ValidationError: if the slug would be an id or another path there.
    """
    if slug.isdecimal() or slug in RESERVED_SLUGS:
        raise ValidationError(_("“%(slug)s” is taken by other addresses: add a word."), params={"slug": slug})


class Product(models.Model):
    """Product with its texts and pictures; prices and stock are those of its variants.

    The derived columns are written by a trigger of the variants (catalog/models/derived.py), so that lists, facets and
    indexes need no join. They come from the variants on sale, or from all if none is.
    """

    category = models.ForeignKey(Category, models.PROTECT, verbose_name=_("category"), related_name="products")
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=200, unique=True)
    description = models.TextField(_("description"), blank=True)
    images = models.JSONField(
        _("pictures"),
        default=list,
        blank=True,
        validators=[validate_images],
        help_text=_("Web addresses, or paths below the media folder; the first one is the cover."),
    )
    properties = models.JSONField(
        _("properties"),
        default=list,
        db_default=[],
        blank=True,
        validators=[validate_properties],
        help_text=_("What customers compare, such as the weight or the material."),
    )
    option_names = ArrayField(
        models.CharField(max_length=50),
        verbose_name=_("options"),
        default=list,
        blank=True,
        help_text=_("What a customer chooses, such as “Size” or “Colour”."),
    )
    is_active = models.BooleanField(_("on sale"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    # Derived from the variants; the defaults hold until the first one is written.
    sku = models.CharField(_("SKU"), max_length=64, editable=False, help_text=_("Of the first variant."))
    other_skus = ArrayField(models.CharField(max_length=64), default=list, db_default=[], editable=False)  # on sale
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2, default=0, editable=False)
    price_max = models.DecimalField(_("highest price"), max_digits=12, decimal_places=2, default=0, editable=False)
    old_price = models.DecimalField(_("old price"), max_digits=12, decimal_places=2, null=True, editable=False)
    is_available = models.BooleanField(_("in stock"), default=False, editable=False)
    variant_count = models.PositiveIntegerField(_("variants"), default=0, editable=False)
    variant_id = models.BigIntegerField(null=True, editable=False)  # of the only variant on sale
    # The column `search` (migration 0004) is not in the model, so that no query fetches it: it is longer than the rest
    # of the row, and only searched (catalog/search/).

    objects: ClassVar[models.Manager["Product"]] = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.CheckConstraint(
                condition=Q(option_names__len__lte=MAX_OPTIONS),
                name="catalog_product_options_at_most_three",
                violation_error_message=_("A product has at most three options."),
            ),
        ]
        indexes = [
            # One for each ordering, in the whole shop and in one category; the newest of all come from the primary key.
            models.Index("category", "id", condition=ACTIVE, name="catalog_product_shelf_newest"),
            models.Index("price", "id", condition=ACTIVE, name="catalog_product_price"),
            models.Index(NameKey("name"), "id", condition=ACTIVE, name="catalog_product_name"),
            models.Index("category", NameKey("name"), "id", condition=ACTIVE, name="catalog_product_shelf_name"),
            # Covers the facets, too.
            models.Index(
                fields=["category", "price", "id"],
                include=["is_available"],
                condition=ACTIVE,
                name="catalog_product_shelf_price",
            ),
        ]
        triggers = [
            on_rows(pgtrigger.Insert | pgtrigger.Delete, name="catalog_product_rows"),
            # On a change of any field but these.
            on_rows(
                pgtrigger.Update, name="catalog_product_changes", condition=pgtrigger.AnyChange(exclude=["updated_at"])
            ),
            on_truncate(name="catalog_product_truncated"),
            CheckTrigger(pgtrigger.Insert | update_of("option_names"), name="catalog_product_check"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse options that are empty or listed twice.

        :raises ValidationError: naming the field.
        """
        names = [name.strip().casefold() for name in self.option_names]
        if not all(names) or len(set(names)) < len(names):
            raise ValidationError({"option_names": _("Write each option once.")})
