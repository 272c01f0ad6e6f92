"""Query parameters of the product list."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.http import QueryDict
from django_filters import rest_framework as filters
from django_filters.utils import translate_validation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from catalog.models import Category, CategoryQuerySet, Product, ProductQuerySet
from catalog.search import MAX_LENGTH, Search, nearest, understand
from shop.api.pagination import MAX_ID, NEWEST, Cursor, Ordering, Part, part_of

MAX_IDS = 100
IDS = rf"[0-9]{{1,18}}(,[0-9]{{1,18}}){{0,{MAX_IDS - 1}}}"
ORDERINGS = {
    "newest": NEWEST,
    "price": Ordering("price", (("price", Decimal), ("id", int))),
    "-price": Ordering("-price", (("price", Decimal), ("id", int)), descending=True),
    "name": Ordering("name", (("name_key", str), ("id", int))),
}
RELEVANCE = Ordering("relevance", NEWEST.key, descending=True)  # within each part of what a search finds


class _ForTheView(filters.Filter):
    """A parameter that is only checked here: the view decides what it means together with others."""

    def filter(self, qs: QuerySet[Product], value: object) -> QuerySet[Product]:
        """Keep all."""
        return qs


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": MAX_ID})
class CategoryFilter(_ForTheView, filters.NumberFilter):
    """A category."""


@extend_schema_field({"type": "string", "maxLength": MAX_LENGTH})
class SearchFilter(_ForTheView, filters.CharFilter):
    """What to look for."""


class OrderingFilter(_ForTheView, filters.ChoiceFilter):
    """What to sort by."""


@extend_schema_field(OpenApiTypes.BOOL)
class StockFilter(filters.TypedChoiceFilter):
    """Yes or no; DRF's own boolean takes any text for a no."""


@extend_schema_field({"type": "number", "minimum": 0, "maximum": 9_999_999_999.99})
class PriceFilter(filters.NumberFilter):
    """An amount of at most two decimals."""


@extend_schema_field({"type": "string", "pattern": f"^{IDS}$"})
class IdsFilter(filters.CharFilter):
    """Ids with commas between them."""


class ProductFilter(filters.FilterSet):
    """Which products to list."""

    search = SearchFilter(
        max_length=MAX_LENGTH,
        label="Words of the name, SKU or description; the last one may be its beginning. Best first, unless `ordering` "
        "says otherwise. What finds nothing is corrected: typos, and the wrong keyboard layout.",
    )
    category_id = CategoryFilter(
        min_value=1, max_value=MAX_ID, decimal_places=0, label="A category, with all below it."
    )
    min_price = PriceFilter("price", "gte", min_value=0, max_digits=12, decimal_places=2, label="The lowest price.")
    max_price = PriceFilter("price", "lte", min_value=0, max_digits=12, decimal_places=2, label="The highest price.")
    in_stock = StockFilter(
        "is_available",
        choices=[("true", "true"), ("false", "false")],
        coerce="true".__eq__,
        label="`true`: what can be ordered; `false`: what is sold out.",
    )
    ids = IdsFilter(
        method="with_ids",
        validators=[RegexValidator(rf"\A{IDS}\Z")],
        label=f"These products, such as `1,5,8`; at most {MAX_IDS}.",
    )
    ordering = OrderingFilter(
        choices=[(name, name) for name in ORDERINGS], label="`newest` if not sent; with `search`: best first."
    )

    class Meta:
        model = Product
        fields: list[str] = []

    def with_ids(self, queryset: ProductQuerySet, name: str, value: str) -> QuerySet[Product]:
        """Keep the products with these ids."""
        return queryset.filter(pk__in=sorted({int(number) for number in value.split(",")}))


@dataclass(frozen=True)
class Asked:
    """What a request asks for."""

    products: ProductQuerySet  # under all filters but the category and the search
    category_id: int | None
    search: Search | None  # corrected
    ordering: Ordering

    @property
    def shelves(self) -> CategoryQuerySet:
        """Return the visible categories that were asked for."""
        return Category.objects.visible() if self.category_id is None else Category.objects.within(self.category_id)

    def found(self) -> ProductQuerySet:
        """Return what the search finds of the products on sale in any category; without a search, all of them."""
        products = self.products.on_shelves(Category.objects.visible())
        return products if self.search is None else self.search.among(products)

    def parts(self) -> list[Part]:
        """Return the list, part by part."""
        return [part_of(products, self.ordering, self._first) for products in self._parts()]

    def _parts(self) -> list[ProductQuerySet]:
        products = self.products.with_name_key().on_shelves(self.shelves)
        if self.search is None:
            return [products]
        return self.search.by_relevance(products) if self.ordering == RELEVANCE else [self.search.among(products)]

    def _first(self, products: ProductQuerySet, limit: int, cursor: Cursor | None) -> Iterable[Product]:
        """Return the first rows of a part, in its order."""
        if self.ordering == RELEVANCE:
            return nearest(products, limit, cursor)
        if self.category_id is None or self.search is not None:
            return products[:limit]
        return products.first_of_each(self.shelves, limit)


def read(params: QueryDict) -> Asked:
    """Read the parameters of a request.

    :raises rest_framework.exceptions.ValidationError: naming those that are wrong.
    """
    filterset = ProductFilter(params, Product.objects.all())
    if not filterset.is_valid():
        refusal: Any = translate_validation(filterset.errors)
        raise refusal
    asked = filterset.form.cleaned_data
    search = understand(asked["search"]) if asked["search"] else None
    ordering = ORDERINGS[asked["ordering"]] if asked["ordering"] else RELEVANCE if search else NEWEST
    category_id = None if asked["category_id"] is None else int(asked["category_id"])
    products = cast("ProductQuerySet", filterset.qs)
    return Asked(products, category_id, search, ordering)
