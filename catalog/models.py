"""Categories and products."""

from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, URLValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from catalog.freshness.triggers import on_rows, on_truncate

MAX_IMAGES = 20


def validate_images(images: object) -> None:
    """Check the pictures of a product: a list of web addresses or of paths below MEDIA_ROOT.

    :raises ValidationError: if anything else is in it.
    """
    if not isinstance(images, list) or len(images) > MAX_IMAGES:
        raise ValidationError(_("List at most %(limit)s pictures.") % {"limit": MAX_IMAGES})
    for image in images:
        if not isinstance(image, str) or not image or len(image) > 500:
            raise ValidationError(_("A picture is a web address or a path of at most 500 characters."))
        if "://" in image:
            URLValidator(schemes=["http", "https"])(image)
        elif image.startswith("/") or ".." in image.split("/"):
            raise ValidationError(_("Write the path of a picture as it is below the media folder."))


class CategoryQuerySet(models.QuerySet["Category"]):
    """Categories visible to customers."""

    def visible(self) -> "CategoryQuerySet":
        """Keep categories that are active and whose ancestors all are."""
        return self.filter(pk__in=_visible_ids())


# Ids of the visible categories. UNION, not UNION ALL, so that a cycle of parents ends, too.
VISIBLE_IDS = """
WITH RECURSIVE visible AS (
    SELECT id FROM catalog_category WHERE is_active AND parent_id IS NULL
    UNION
    SELECT child.id FROM catalog_category child JOIN visible ON child.parent_id = visible.id
    WHERE child.is_active
) SELECT id FROM visible
"""
# Ids of a category and its descendants, if it is visible: if all its ancestors are.
VISIBLE_IDS_WITHIN = """
WITH RECURSIVE visible AS (
    SELECT id, id = %(category_id)s AS is_within FROM catalog_category WHERE is_active AND parent_id IS NULL
    UNION
    SELECT child.id, is_within OR child.id = %(category_id)s
    FROM catalog_category child JOIN visible ON child.parent_id = visible.id
    WHERE child.is_active
) SELECT id FROM visible WHERE is_within
"""


def _visible_ids() -> RawSQL:
    return RawSQL(VISIBLE_IDS, ())  # noqa: S611 - a constant


def _ids_within(category_id: int) -> RawSQL:
    return RawSQL(
        """
        WITH RECURSIVE within AS (
            SELECT id FROM catalog_category WHERE id = %s
            UNION
            SELECT child.id FROM catalog_category child JOIN within ON child.parent_id = within.id
        ) SELECT id FROM within
        """,
        (category_id,),
    )


class Category(models.Model):
    """Category of products; categories form a tree."""

    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("parent"), null=True, blank=True, related_name="children"
    )
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Smaller numbers come first."))
    is_active = models.BooleanField(
        _("shown"),
        default=True,
        help_text=_("A hidden category hides its products and the categories below it."),
    )

    objects: ClassVar[models.Manager["Category"]] = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="catalog_category_not_own_parent",
                violation_error_message=_("A category cannot be below itself."),
            )
        ]
        triggers = [
            on_rows(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, name="catalog_category_rows"),
            on_truncate(name="catalog_category_truncated"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a parent from below this category.

        :raises ValidationError: naming the field.
        """
        if (
            self.pk
            and self.parent_id
            and self.parent_id in set(Category.objects.filter(pk__in=_ids_within(self.pk)).values_list("pk", flat=True))
        ):
            raise ValidationError({"parent": _("A category cannot be below itself.")})


NAME_KEY = "(translate(lower({}), 'ё', 'е') COLLATE \"C\")"


class NameKey(Func):
    """Sort key for product names: independent of the database's collation, with ё beside е."""

    # Without parameters, so that PostgreSQL matches it with the expression of the index.
    template = NAME_KEY.format("%(expressions)s")
    output_field = models.TextField()


class ProductQuerySet(models.QuerySet["Product"]):
    """Products on sale, and the return of stock."""

    def on_sale(self) -> "ProductQuerySet":
        """Keep the products that customers see: active and in a visible category."""
        return self.filter(is_active=True, category_id__in=_visible_ids())

    def put_back(self, product_id: int, quantity: int) -> None:
        """Return pieces to stock, if the product is still counted."""
        self.filter(pk=product_id, stock__isnull=False).update(stock=F("stock") + quantity)


ACTIVE = Q(is_active=True)


class Product(models.Model):
    """Product with its price in the shop's currency, its pictures and its stock."""

    category = models.ForeignKey(Category, models.PROTECT, verbose_name=_("category"), related_name="products")
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=200, unique=True)
    sku = models.CharField(_("SKU"), max_length=64, unique=True)
    description = models.TextField(_("description"), blank=True)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)
    old_price = models.DecimalField(
        _("old price"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Shown crossed out."),
    )
    images = models.JSONField(
        _("pictures"),
        default=list,
        blank=True,
        validators=[validate_images],
        help_text=_("Web addresses, or paths below the media folder; the first one is the cover."),
    )
    stock = models.IntegerField(
        _("stock"),
        null=True,
        blank=True,
        # The column holds twice as many: stock returned by cancelled orders must fit, too.
        validators=[MaxValueValidator(1_000_000_000)],
        help_text=_("Empty: not counted, always there."),
    )
    is_active = models.BooleanField(_("on sale"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    # No index may contain `stock`: then a sale is a HOT update, which touches no index. This column changes only with
    # the last piece.
    is_available = models.GeneratedField(
        # The stubs do not know that a condition is an expression.
        expression=Q(stock=None) | Q(stock__gt=0),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    # The column `search` (migration 0004) is not in the model, so that no query fetches it: it is longer than the rest
    # of the row, and only searched (catalog/search/).

    objects: ClassVar[models.Manager["Product"]] = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gte=0),
                name="catalog_product_price_not_negative",
                violation_error_message=_("The price cannot be below zero."),
            ),
            models.CheckConstraint(
                condition=Q(old_price__gt=F("price")),
                name="catalog_product_old_price_above_price",
                violation_error_message=_("The old price must be above the price."),
            ),
            models.CheckConstraint(
                condition=Q(stock__gte=0),
                name="catalog_product_stock_not_negative",
                violation_error_message=_("The stock cannot be below zero."),
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
            # SKUs are searched regardless of case.
            models.Index(Upper("sku"), name="catalog_product_upper_sku"),
        ]
        triggers = [
            on_rows(pgtrigger.Insert | pgtrigger.Delete, name="catalog_product_rows"),
            # On a change of any field but these. Of the stock, customers see only `is_available`: an order moves the
            # revision when it takes the last piece.
            on_rows(
                pgtrigger.Update,
                name="catalog_product_changes",
                condition=pgtrigger.AnyChange(exclude=["stock", "updated_at"]),
            ),
            on_truncate(name="catalog_product_truncated"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def in_stock(self) -> bool:
        """Tell whether at least one piece can be ordered."""
        return self.stock is None or self.stock > 0


class Revision(models.Model):
    """Revision of the catalog: one row, whose value changes with each commit that changes public data.

    Triggers of the other models change it and notify listeners, so that no way of writing is missed.
    """

    id = models.SmallIntegerField(primary_key=True)
    value = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="catalog_revision_one_row",
                violation_error_message=_("There is one revision."),
            )
        ]

    def __str__(self) -> str:
        return str(self.value)


class Word(models.Model):
    """Word of a product's name or description: a candidate for the correction of a search.

    A trigger adds the words of each product (migration 0004). None is deleted: that would need a counter for each
    word, and edits of products with a common word would block each other. So a word may be in no product any more, and
    a correction checks that it finds something.
    """

    word = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.word
