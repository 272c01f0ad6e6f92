"""Query parameters of the product list."""

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from catalog.models import Product, ProductQuerySet

MAX_ID = 2**63 - 1


class ProductFilter(filters.FilterSet):
    """Which products to list."""

    category_id = filters.NumberFilter(
        method="within",
        min_value=1,
        max_value=MAX_ID,
        decimal_places=0,
        label="A category, with all below it.",
    )

    class Meta:
        model = Product
        fields: list[str] = []

    def within(self, queryset: ProductQuerySet, name: str, value: int) -> QuerySet[Product]:
        """Keep the products of a category and below."""
        return queryset.within(int(value))
