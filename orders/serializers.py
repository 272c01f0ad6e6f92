"""What the API takes as an order, and what it says of one."""

from collections import Counter
from datetime import UTC
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import validate_phone
from orders.models import OrderEvent
from orders.services import Cart
from orders.statuses import Status
from shop.api.fields import MoneyField, StrictCharField, StrictIntegerField
from shop.api.serializers import RowSerializer, read

MAX_LINES = 100
MAX_QUANTITY = 999


class CartLineSerializer(serializers.Serializer[Any]):
    """A product and how many pieces of it."""

    product_id = StrictIntegerField(min_value=1, max_value=2**63 - 1)
    quantity = StrictIntegerField(min_value=1, max_value=MAX_QUANTITY)


class PlaceOrderSerializer(serializers.Serializer[Any]):
    """What a customer wants. There is no price in it: prices come from the catalogue."""

    items = CartLineSerializer(many=True, allow_empty=False, max_length=MAX_LINES)  # type: ignore[call-arg]  # for the list
    contact_name = StrictCharField(required=False, allow_blank=True, max_length=150)
    phone = StrictCharField(required=False, allow_blank=True, max_length=32, validators=[validate_phone])
    address = StrictCharField(required=False, allow_blank=True, max_length=500)
    comment = StrictCharField(required=False, allow_blank=True, max_length=1000)
    expected_total = MoneyField(
        required=False, help_text="The total that the customer was shown; if it is not the total now: 409."
    )

    def validate_items(self, lines: list[dict[str, int]]) -> dict[int, int]:
        """Sum the pieces of each product: two lines of one product are one wish."""
        quantities: Counter[int] = Counter()
        for line in lines:
            quantities[line["product_id"]] += line["quantity"]
        if max(quantities.values()) > MAX_QUANTITY:
            sentence = _("At most %(limit)s pieces of a product, its lines taken together.")
            raise serializers.ValidationError(sentence % {"limit": MAX_QUANTITY}, code="max_value")
        return dict(quantities)


def read_cart(data: Any) -> Cart:
    """Return what a client has sent as a cart.

    :raises rest_framework.exceptions.ValidationError: if anything is wrong.
    """
    fields = read(PlaceOrderSerializer, data)
    return Cart(quantities=fields.pop("items"), **fields)


class OrderItemSerializer(RowSerializer[Any]):
    """A line (OrderItem or listing.Line), at the price of the moment the order was placed."""

    product_id = serializers.IntegerField()
    name = serializers.CharField()
    sku = serializers.CharField()
    price = MoneyField()
    quantity = serializers.IntegerField()
    total = MoneyField()


class OrderEventSerializer(RowSerializer[OrderEvent]):
    """Something that happened to the order."""

    kind = serializers.ChoiceField(OrderEvent.Kind.choices)
    from_status = serializers.ChoiceField(Status.choices, allow_blank=True)
    to_status = serializers.ChoiceField(Status.choices)
    created_at = serializers.DateTimeField(default_timezone=UTC)


class OrderSummarySerializer(RowSerializer[Any]):
    """An order (or listing.Summary) in a list."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(Status.choices)
    total = MoneyField()
    currency = serializers.CharField()
    contact_name = serializers.CharField()
    phone = serializers.CharField()
    address = serializers.CharField()
    comment = serializers.CharField()
    created_at = serializers.DateTimeField(default_timezone=UTC)
    updated_at = serializers.DateTimeField(default_timezone=UTC)
    items = OrderItemSerializer(many=True, source="lines")


class OrderSerializer(OrderSummarySerializer):
    """An order with its history."""

    history = OrderEventSerializer(many=True)
