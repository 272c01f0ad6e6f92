"""API of the delivery methods."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from delivery.current import current
from delivery.models import DeliveryMethod
from orders.problems import DELIVERY_FIELDS
from shop.api.caching import Public
from shop.api.fields import MoneyField
from shop.api.serializers import RowSerializer, write

EXAMPLE = {
    "id": 2,
    "kind": "pickup",
    "name": "Самовывоз",
    "description": "Соберём заказ за два часа",
    "price": "0.00",
    "free_from": None,
    "min_total": "0.00",
    "per_kg": None,
    "included_g": 0,
    "max_weight_g": None,
    "fields": ["pickup_point_id"],
    "first_day": None,
    "last_day": 60,
    "slots": [],
    "pickup_points": [
        {
            "id": 1,
            "name": "Лавка на Мира",
            "town": "Вологда",
            "address": "Мира 1",
            "hours": "10:00–20:00",
            "phone": "",
            "latitude": "59.220500",
            "longitude": "39.891500",
        }
    ],
}


class PickupPointSerializer(RowSerializer[Any]):
    """A pick-up point of the shop."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    town = serializers.CharField()
    address = serializers.CharField()
    hours = serializers.CharField()
    phone = serializers.CharField()
    latitude = serializers.DecimalField(8, 6, allow_null=True)
    longitude = serializers.DecimalField(9, 6, allow_null=True)


class DeliveryMethodSerializer(RowSerializer[DeliveryMethod]):
    """A delivery method, its price, and what the customer fills in."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(DeliveryMethod.Kind.choices)
    name = serializers.CharField()
    description = serializers.CharField()
    price = MoneyField(allow_null=True, help_text="null: the shop confirms it for each order.")
    free_from = MoneyField(allow_null=True, help_text="Sum of the items after discounts; null: never free.")
    min_total = MoneyField(help_text="Smallest sum of the items after discounts.")
    per_kg = MoneyField(allow_null=True, help_text="For each kilogram begun above `included_g`.")
    included_g = serializers.IntegerField(help_text="Grams.")
    max_weight_g = serializers.IntegerField(allow_null=True, help_text="Grams.")
    fields = serializers.ListField(  # type: ignore[assignment]  # of the class: its own fields
        child=serializers.ChoiceField(DELIVERY_FIELDS),
        help_text="Fields of `delivery` that an order with this method needs.",
    )
    first_day = serializers.IntegerField(
        allow_null=True, help_text="Days from today to the first day for `deliver_on`; null: there is no such field."
    )
    last_day = serializers.IntegerField(help_text="Days from today to the last day.")
    slots = serializers.ListField(child=serializers.CharField(), help_text="Values for `slot`.")
    pickup_points = PickupPointSerializer(many=True, source="points")


class DeliveryMethodsView(Public):
    """Delivery methods that the shop offers, in its order."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        summary="List the delivery methods",
        description="Empty if the shop has none: then orders need no `delivery`.",
        examples=[OpenApiExample("Pick-up", EXAMPLE, response_only=True)],
        responses={200: DeliveryMethodSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """Return all methods."""
        return Response([write(DeliveryMethodSerializer, method) for method in current()])
