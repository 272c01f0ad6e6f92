"""Categories: a tree, in which a hidden category hides what is below it."""

from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from catalog.freshness.triggers import on_rows, on_truncate
from catalog.models.images import validate_picture


class CategoryQuerySet(models.QuerySet["Category"]):
    """Categories visible to customers."""

    def visible(self) -> "CategoryQuerySet":
        """Keep categories that are active and whose ancestors all are."""
        return self.filter(pk__in=visible_ids())


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


def visible_ids() -> RawSQL:
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
    description = models.TextField(_("description"), blank=True, default="", db_default="")
    image = models.CharField(
        _("picture"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        validators=[validate_picture],
        help_text=_("A web address, or a path below the media folder."),
    )
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
