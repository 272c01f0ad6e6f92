"""JSON of the catalog."""

from datetime import UTC
from typing import Any

from rest_framework import serializers

from catalog.listing.categories import CategoryRow
from catalog.listing.rows import ProductRow, VariantRow
from catalog.search.interpretation import Kind
from catalog.search.tsquery import MAX_LENGTH
from shop.api.fields import MoneyField
from shop.api.serializers import RequestSerializer, RowSerializer

IMAGES = "Absolute URLs; the first picture is the cover."


class PictureSerializer(serializers.Serializer[Any]):
    """A picture."""

    url = serializers.CharField(help_text="Absolute URL.")
    thumbnail = serializers.CharField(
        allow_null=True, help_text="Absolute URL of a small copy; null if the picture was not uploaded here."
    )
    width = serializers.IntegerField(allow_null=True, help_text="Pixels; null if they are unknown.")
    height = serializers.IntegerField(allow_null=True)
    alt = serializers.CharField(help_text="What it shows.")


class CategoryRowSerializer(RowSerializer[CategoryRow]):
    """The columns of a category."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    parent_id = serializers.IntegerField(allow_null=True, help_text="Parent category; null at the top level.")
    position = serializers.IntegerField()
    description = serializers.CharField()
    product_count = serializers.IntegerField(help_text="Products on sale in it and in the categories below it.")


class CategorySerializer(CategoryRowSerializer):
    """A category."""

    image = PictureSerializer(allow_null=True)


class ProductRowSerializer(RowSerializer[ProductRow]):
    """The columns of a product."""

    id = serializers.IntegerField()
    category_id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    sku = serializers.CharField(help_text="Of the first variant.")
    description = serializers.CharField()
    price = MoneyField(help_text="The lowest price of its variants.")
    price_max = MoneyField(help_text="The highest price of its variants.")
    old_price = MoneyField(allow_null=True)
    images = serializers.ListField(child=serializers.CharField(), help_text=IMAGES)
    in_stock = serializers.BooleanField()
    variant_id = serializers.IntegerField(
        allow_null=True, help_text="What to order; null if there are several variants to choose from."
    )
    created_at = serializers.DateTimeField(default_timezone=UTC)


class ProductSerializer(ProductRowSerializer):
    """A product. Prices and stock are those of its variants."""

    pictures = PictureSerializer(many=True, help_text="The same pictures as `images`.")


class VariantRowSerializer(RowSerializer[VariantRow]):
    """The columns of a variant."""

    id = serializers.IntegerField()
    sku = serializers.CharField()
    options = serializers.ListField(
        child=serializers.CharField(), help_text="A value for each of the product's `options`, in their order."
    )
    price = MoneyField()
    old_price = MoneyField(allow_null=True)
    in_stock = serializers.BooleanField()
    max_quantity = serializers.IntegerField(allow_null=True, help_text="How many are left, if there are only a few.")
    images = serializers.ListField(
        child=serializers.CharField(), help_text="Absolute URLs; empty: those of the product."
    )


class VariantSerializer(VariantRowSerializer):
    """A variant: what is ordered."""

    pictures = PictureSerializer(many=True, help_text="The same pictures as `images`.")


class OptionSerializer(serializers.Serializer[Any]):
    """An option of a product, with the values that its variants have."""

    name = serializers.CharField()
    values = serializers.ListField(child=serializers.CharField())


class PropertySerializer(serializers.Serializer[Any]):
    """A property of a product."""

    name = serializers.CharField()
    value = serializers.CharField()


class CategoryLinkSerializer(serializers.Serializer[Any]):
    """A category above a product."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()


class ProductDetailSerializer(ProductSerializer):
    """A product with its categories, properties and variants."""

    category_path = CategoryLinkSerializer(many=True, help_text="From the top level down to its own category.")
    properties = PropertySerializer(many=True, help_text="In the order to show them in.")
    options = OptionSerializer(many=True)
    variants = VariantSerializer(many=True)


class RelatedSerializer(serializers.Serializer[Any]):
    """Products related to one."""

    results = ProductSerializer(many=True)


class CorrectedSerializer(serializers.Serializer[Any]):
    """Correction of a search that finds nothing."""

    text = serializers.CharField(help_text="The text for which products were found.")
    kind = serializers.ChoiceField(
        Kind.values,
        help_text=(
            "The other keyboard layout, Russian in Latin letters, typos, or most of the words only; "
            "of several, the last one of these."
        ),
    )


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
    corrected = CorrectedSerializer(allow_null=True, help_text="Null if the search was not corrected.")


class SuggestQuerySerializer(RequestSerializer):
    """Query parameters of suggestions."""

    q = serializers.CharField(max_length=MAX_LENGTH, allow_blank=True, help_text="What the customer has typed so far.")


class SuggestedProductSerializer(serializers.Serializer[Any]):
    """A suggested product."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    price = MoneyField(help_text="The lowest price of its variants.")
    price_max = MoneyField(help_text="The highest price of its variants.")
    old_price = MoneyField(allow_null=True)
    image = serializers.CharField(allow_null=True, help_text="Absolute URL of the cover.")
    in_stock = serializers.BooleanField()


class SuggestedCategorySerializer(serializers.Serializer[Any]):
    """A suggested category."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class SuggestionsSerializer(serializers.Serializer[Any]):
    """Products and categories for an incomplete search."""

    results = serializers.ListField(child=serializers.CharField(), help_text="The names of `products`.")
    products = SuggestedProductSerializer(many=True)
    categories = SuggestedCategorySerializer(many=True, help_text="At most 3.")
    corrected = CorrectedSerializer(allow_null=True, help_text="Null if the text was not corrected.")
