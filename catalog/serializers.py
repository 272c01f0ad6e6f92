"""JSON of the catalog."""

from typing import Any

from rest_framework import serializers

from catalog.listing.rows import ProductRow
from catalog.models import Category
from catalog.search.tsquery import MAX_LENGTH
from shop.api.fields import MoneyField
from shop.api.serializers import RequestSerializer, RowSerializer


class CategorySerializer(RowSerializer[Category]):
    """A category."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    parent_id = serializers.IntegerField(allow_null=True, help_text="Parent category; null at the top level.")
    position = serializers.IntegerField()


class ProductSerializer(RowSerializer[ProductRow]):
    """A product."""

    id = serializers.IntegerField()
    category_id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    sku = serializers.CharField()
    description = serializers.CharField()
    price = MoneyField()
    old_price = MoneyField(allow_null=True)
    images = serializers.ListField(
        child=serializers.CharField(), help_text="Absolute URLs; the first picture is the cover."
    )
    in_stock = serializers.BooleanField()


class CategoryCountSerializer(serializers.Serializer[Any]):
    """Number of products in a category, including its subcategories."""

    id = serializers.IntegerField()
    count = serializers.IntegerField()


class PriceRangeSerializer(serializers.Serializer[Any]):
    """The lowest and the highest price; null if there are no products."""

    min = MoneyField(allow_null=True)
    max = MoneyField(allow_null=True)


class FacetsSerializer(serializers.Serializer[Any]):
    """Counts and price range of a product list."""

    categories = CategoryCountSerializer(many=True, help_text="Categories that have products, by position.")
    price = PriceRangeSerializer()
    in_stock = serializers.IntegerField(help_text="Number of products that can be ordered.")
    total = serializers.IntegerField()
    is_exact = serializers.BooleanField(
        help_text="False if the search finds so many products that the counts are estimated from a sample."
    )


class SuggestQuerySerializer(RequestSerializer):
    """Query parameters of suggestions."""

    q = serializers.CharField(max_length=MAX_LENGTH, allow_blank=True, help_text="What the customer has typed so far.")


class SuggestionsSerializer(serializers.Serializer[Any]):
    """Names of products."""

    results = serializers.ListField(child=serializers.CharField())
