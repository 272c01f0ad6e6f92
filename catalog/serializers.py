"""What the API says of the catalogue."""

from rest_framework import serializers

from catalog.images import absolute_url
from catalog.models import Category, Product
from shop.api.fields import MoneyField


class CategorySerializer(serializers.Serializer[Category]):
    """A category."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    parent_id = serializers.IntegerField(allow_null=True, help_text="The category above; null at the top.")
    position = serializers.IntegerField()


class ProductSerializer(serializers.Serializer[Product]):
    """A product."""

    id = serializers.IntegerField()
    category_id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    sku = serializers.CharField()
    description = serializers.CharField()
    price = MoneyField()
    old_price = MoneyField(allow_null=True)
    images = serializers.SerializerMethodField(help_text="Absolute addresses; the first one is the cover.")
    in_stock = serializers.BooleanField()

    def get_images(self, product: Product) -> list[str]:
        """Return absolute addresses."""
        return [absolute_url(image, self.context["request"]) for image in product.images]
