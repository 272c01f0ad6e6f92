"""GET /api/v1/shop: what a front end needs before it can start."""

from typing import Any

from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.images.urls import site_root
from merchant.hours import DAYS
from merchant.serializers import MerchantSerializer
from shop.api.caching import Public
from shop.api.fields import MoneyField
from storefront.facts import shop_facts

EXAMPLE = {
    "name": "Лавка «Иван-чай»",
    "logo": f"https://shop.example.org/media/products/ab/{'ab' * 32}.webp",
    "accent": "#b3541e",
    "banner": {"image": None, "text": "Чай нового урожая", "link": "/?category=3"},
    "contacts": {
        "phone": "+7 8172 12-34-56",
        "telegram_username": "my_shop",
        "email": "shop@example.org",
        "address": "Вологда, Мира 1",
    },
    "time_zone": "Europe/Moscow",
    "hours": [{"day": day, "opens": "10:00", "closes": "20:00"} for day in (*DAYS,)[:-1]]
    + [{"day": "sunday", "opens": None, "closes": None}],
    "min_total": "500.00",
    "accepts_orders": True,
    "notice": "",
    "pages": [
        {
            "slug": "privacy",
            "title": "Политика конфиденциальности",
            "version": "9f2c1a7b40de",
            "needs_consent": True,
        }
    ],
    "has_promo_codes": True,
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
        "pattern": r"products/[0-9a-f]{2}/[0-9a-f]{64}(?:-[0-9]+x[0-9]+)?\.(?:jpg|webp)",
        "suffix": ".thumb.webp",
    },
}


class LanguageSerializer(serializers.Serializer[Any]):
    """A language of the shop."""

    code = serializers.CharField()
    name = serializers.CharField()


class LimitsSerializer(serializers.Serializer[Any]):
    """Maximum sizes that the API accepts."""

    items = serializers.IntegerField(help_text="Different products in a cart.")
    pieces = serializers.IntegerField(help_text="Pieces of one product.")
    contact_name = serializers.IntegerField(help_text="Characters; the same applies to the other fields of an order.")
    phone = serializers.IntegerField()
    address = serializers.IntegerField()
    comment = serializers.IntegerField()
    search = serializers.IntegerField(help_text="Characters in a search.")
    ids = serializers.IntegerField(help_text="Products in one request by `ids`.")


class OpenOrdersSerializer(serializers.Serializer[Any]):
    """Limits of one customer's unconfirmed orders; null: no limit."""

    orders = serializers.IntegerField(allow_null=True)
    pieces = serializers.IntegerField(allow_null=True)
    total = MoneyField(allow_null=True)


class PhoneSerializer(serializers.Serializer[Any]):
    """Validation of phone numbers."""

    pattern = serializers.CharField(help_text="Regular expression for the whole number, as in HTML's `pattern`.")
    message = serializers.CharField(help_text="Message to show if the number does not match.")


class OrderStatusSerializer(serializers.Serializer[Any]):
    """A status of an order."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the name is part of the contract
    in_timeline = serializers.BooleanField(
        help_text="An order that is not cancelled passes this status; the statuses are in chronological order."
    )
    is_final = serializers.BooleanField(help_text="The order does not change any more.")
    can_be_cancelled = serializers.BooleanField(help_text="The customer can cancel an order with this status.")


class PageSizeSerializer(serializers.Serializer[Any]):
    """Number of results in a page."""

    default = serializers.IntegerField()
    max = serializers.IntegerField()


class ThumbnailsSerializer(serializers.Serializer[Any]):
    """Thumbnails of pictures: the URL of a thumbnail has `suffix` in place of the picture's `.jpg` or `.webp`."""

    width = serializers.IntegerField(help_text="Maximum pixels of the longer side.")
    pattern = serializers.CharField(
        help_text="Regular expression for the end of the URLs of pictures that have a thumbnail."
    )
    suffix = serializers.CharField()


class ShopSerializer(MerchantSerializer):
    """Settings of the merchant, limits and lists that a front end needs to start."""

    has_promo_codes = serializers.BooleanField(help_text="Whether it makes sense to ask for a promo code.")
    bot_url = serializers.CharField(
        help_text="Link that opens the shop in Telegram; empty if `TELEGRAM_BOT_USERNAME` is not set."
    )
    currency = serializers.CharField(help_text="ISO 4217 code.")
    language = serializers.CharField(help_text="Language of this response, chosen by `Accept-Language`.")
    languages = LanguageSerializer(many=True)
    limits = LimitsSerializer()
    open_orders = OpenOrdersSerializer()
    phone = PhoneSerializer()
    order_statuses = OrderStatusSerializer(many=True)
    orderings = serializers.ListField(
        child=serializers.CharField(), help_text="Orderings of products, the default first."
    )
    page_size = PageSizeSerializer()
    thumbnails = ThumbnailsSerializer()


class ShopView(Public):
    """Settings, limits and lists for front ends."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        summary="Get what a front end needs to start",
        description=(
            "Name, contacts, opening hours and pages of the shop, which staff edit; limits, order statuses, orderings "
            "and more, so that front ends do not hard-code them."
        ),
        examples=[OpenApiExample("The shop", EXAMPLE, response_only=True)],
        responses={200: ShopSerializer},
    )
    def get(self, request: Request) -> Response:
        """Return the facts in the language of the request."""
        response = Response(shop_facts(site_root(request)), headers={"Content-Language": get_language() or ""})
        patch_vary_headers(response, ["Accept-Language"])
        return response
