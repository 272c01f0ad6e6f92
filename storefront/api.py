"""GET /api/v1/shop: what a front end needs before it can start."""

from typing import Any

from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from shop.api.caching import Public
from shop.api.fields import MoneyField
from storefront.facts import shop_facts

EXAMPLE = {
    "name": "botshop",
    "bot_url": "https://t.me/my_shop_bot",
    "currency": "RUB",
    "language": "ru",
    "languages": [{"code": "ru", "name": "Русский"}, {"code": "en", "name": "English"}],
    "limits": {
        "items": 100,
        "pieces": 999,
        "contact_name": 150,
        "phone": 32,
        "address": 500,
        "comment": 1000,
        "search": 200,
        "ids": 100,
    },
    "open_orders": {"orders": 5, "pieces": 999, "total": "1000000.00"},
    "phone": {
        "pattern": r"\+?[ (]*[0-9](?:[ ()-]*[0-9]){4,14}",
        "message": "Укажите номер телефона, от 5 до 15 цифр, например +7 912 345-67-89.",
    },
    "order_statuses": [
        {"value": "new", "label": "Новый", "in_timeline": True, "is_final": False, "can_be_cancelled": True},
        {"value": "cancelled", "label": "Отменён", "in_timeline": False, "is_final": True, "can_be_cancelled": False},
    ],
    "orderings": ["newest", "price", "-price", "name"],
    "page_size": {"default": 20, "max": 100},
    "thumbnails": {
        "width": 480,
        "pattern": r"products/[0-9a-f]{2}/[0-9a-f]{64}\.(?:jpg|webp)",
        "suffix": ".thumb.webp",
    },
}


class LanguageSerializer(serializers.Serializer[Any]):
    """A language of the shop."""

    code = serializers.CharField()
    name = serializers.CharField()


class LimitsSerializer(serializers.Serializer[Any]):
    """The most of each that the API takes."""

    items = serializers.IntegerField(help_text="Different products of a cart.")
    pieces = serializers.IntegerField(help_text="Pieces of one product.")
    contact_name = serializers.IntegerField(help_text="Characters, as of the other fields of an order.")
    phone = serializers.IntegerField()
    address = serializers.IntegerField()
    comment = serializers.IntegerField()
    search = serializers.IntegerField(help_text="Characters of a search.")
    ids = serializers.IntegerField(help_text="Products of one request by `ids`.")


class OpenOrdersSerializer(serializers.Serializer[Any]):
    """The most that one customer may have in orders that are not confirmed yet; null: no limit."""

    orders = serializers.IntegerField(allow_null=True)
    pieces = serializers.IntegerField(allow_null=True)
    total = MoneyField(allow_null=True)


class PhoneSerializer(serializers.Serializer[Any]):
    """The rule for phone numbers."""

    pattern = serializers.CharField(help_text="A regular expression for the whole text, as in HTML's `pattern`.")
    message = serializers.CharField(help_text="What to tell a customer whose number does not match.")


class OrderStatusSerializer(serializers.Serializer[Any]):
    """A status of an order."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the name is part of the contract
    in_timeline = serializers.BooleanField(help_text="An order passes it if nothing goes wrong; they come in order.")
    is_final = serializers.BooleanField(help_text="Nothing follows it.")
    can_be_cancelled = serializers.BooleanField(help_text="By the customer.")


class PageSizeSerializer(serializers.Serializer[Any]):
    """Rows of a page."""

    default = serializers.IntegerField()
    max = serializers.IntegerField()


class ThumbnailsSerializer(serializers.Serializer[Any]):
    """Small copies of pictures: the address of one has `suffix` in place of the picture's `.jpg` or `.webp`."""

    width = serializers.IntegerField(help_text="Pixels of the longer side.")
    pattern = serializers.CharField(help_text="A regular expression for the end of the addresses that have a copy.")
    suffix = serializers.CharField()


class ShopSerializer(serializers.Serializer[Any]):
    """The shop, as a front end needs to know it."""

    name = serializers.CharField()
    bot_url = serializers.CharField(help_text="Where the shop opens in Telegram; empty if that is not set.")
    currency = serializers.CharField(help_text="ISO 4217.")
    language = serializers.CharField(help_text="Of this answer, as `Accept-Language` chose it.")
    languages = LanguageSerializer(many=True)
    limits = LimitsSerializer()
    open_orders = OpenOrdersSerializer()
    phone = PhoneSerializer()
    order_statuses = OrderStatusSerializer(many=True)
    orderings = serializers.ListField(child=serializers.CharField(), help_text="Of products, the default first.")
    page_size = PageSizeSerializer()
    thumbnails = ThumbnailsSerializer()


class ShopView(Public):
    """The facts of the shop; they change with a restart only."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        summary="Get what a front end needs to start",
        description="Limits, order statuses, orderings and more, so that no front end repeats them.",
        examples=[OpenApiExample("The shop", EXAMPLE, response_only=True)],
        responses={200: ShopSerializer},
    )
    def get(self, request: Request) -> Response:
        """Return the facts in the language of the request."""
        response = Response(shop_facts(), headers={"Content-Language": get_language() or ""})
        patch_vary_headers(response, ["Accept-Language"])
        return response
