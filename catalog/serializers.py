"""What the API says of the catalogue."""

from rest_framework import serializers

from catalog.images import absolute_url
from catalog.models import Category, Product
from shop.api.fields import MoneyField


class CategorySerializer(serializers.ModelSerializer[Category]):
    """A category."""

    parent_id = serializers.IntegerField(allow_null=True, help_text="The category above; null at the top.")

    class Meta:
        model = Category
        fields = ["id", "name", "slug", "parent_id", "position"]
        read_only_fields = fields


class ProductSerializer(serializers.ModelSerializer[Product]):
    """A product."""

    category_id = serializers.IntegerField()
    price = MoneyField()
    old_price = MoneyField(allow_null=True)
    images = serializers.SerializerMethodField(help_text="Absolute addresses; the first one is the cover.")
    in_stock = serializers.BooleanField()

    class Meta:
        model = Product
        fields = [
            "id",
            "category_id",
            "name",
            "slug",
            "sku",
            "description",
            "price",
            "old_price",
            "images",
            "in_stock",
        ]
        read_only_fields = fields

    def get_images(self, product: Product) -> list[str]:
        """Return absolute addresses."""
        return [absolute_url(image, self.context["request"]) for image in product.images]
