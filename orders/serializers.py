"""API serializers of carts and orders."""

from collections import Counter
from datetime import UTC
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import validate_phone
from orders.models import OrderEvent
from orders.placing.cart import Cart, Consent, DeliveryChoice
from orders.problems import CartProblemsField
from orders.repeating import MissingItem, Reason, Repeated
from orders.statuses import Status
from shop.api.fields import MoneyField, SignedMoneyField, StrictCharField, StrictDateField, StrictIntegerField
from shop.api.serializers import RequestSerializer, RowSerializer, read

MAX_ITEMS = 100
MAX_QUANTITY = 999
MAX_CODE = 32  # characters of a promo code


class CartItemSerializer(RequestSerializer):
    """A variant and its quantity. `product_id` names the variant of a product that has one."""

    exactly_one_of = ("variant_id", "product_id")

    variant_id = StrictIntegerField(required=False, min_value=1, max_value=2**63 - 1)
    product_id = StrictIntegerField(required=False, min_value=1, max_value=2**63 - 1)
    quantity = StrictIntegerField(min_value=1, max_value=MAX_QUANTITY)


class DeliveryChoiceSerializer(RequestSerializer):
    """A delivery method, and what it needs (`fields` of `GET /delivery-methods`)."""

    method_id = StrictIntegerField(min_value=1, max_value=2**63 - 1)
    pickup_point_id = StrictIntegerField(required=False, min_value=1, max_value=2**63 - 1)
    postcode = StrictCharField(required=False, allow_blank=True, max_length=12)
    town = StrictCharField(required=False, allow_blank=True, max_length=100)
    address = StrictCharField(required=False, allow_blank=True, max_length=500)
    deliver_on = StrictDateField(required=False)
    slot = StrictCharField(required=False, allow_blank=True, max_length=50)


class CartSerializer(RequestSerializer):
    """A cart. It has no prices: they come from the catalog."""

    items = CartItemSerializer(many=True, allow_empty=False, max_length=MAX_ITEMS)  # type: ignore[call-arg]  # for the list
    promo_code = StrictCharField(
        required=False, allow_blank=True, max_length=MAX_CODE, help_text="Upper and lower case are the same."
    )
    delivery = DeliveryChoiceSerializer(required=False, help_text="Required if the shop has delivery methods.")

    def validate_items(self, items: list[dict[str, int]]) -> dict[str, dict[int, int]]:
        """Sum the quantities of each id, which may be in several items."""
        quantities = {"product_id": Counter[int](), "variant_id": Counter[int]()}
        for item in items:
            key = "variant_id" if "variant_id" in item else "product_id"
            quantities[key][item[key]] += item["quantity"]
        if max(max(each.values(), default=0) for each in quantities.values()) > MAX_QUANTITY:
            sentence = _("At most %(limit)s pieces of a product, its items taken together.")
            raise serializers.ValidationError(sentence % {"limit": MAX_QUANTITY}, code="max_value")
        return {key: dict(each) for key, each in quantities.items()}


class ConsentSerializer(RequestSerializer):
    """The versions of the shop's pages that the customer agrees to, as in `pages` of `GET /shop`."""

    privacy = StrictCharField(required=False, max_length=64)
    terms = StrictCharField(required=False, max_length=64)


class PlaceOrderSerializer(CartSerializer):
    """A cart to order, with contact data and an address."""

    contact_name = StrictCharField(required=False, allow_blank=True, max_length=150)
    phone = StrictCharField(required=False, allow_blank=True, max_length=32, validators=[validate_phone])
    address = StrictCharField(
        required=False, allow_blank=True, max_length=500, help_text="`delivery.address` comes before it."
    )
    comment = StrictCharField(required=False, allow_blank=True, max_length=1000)
    expected_total = MoneyField(
        required=False,
        help_text="The total that the customer was shown; if the current total differs, the order is refused with 409.",
    )
    payment_method_id = StrictIntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text="Required if the shop has payment methods (`GET /payment-methods`).",
    )
    consent = ConsentSerializer(
        required=False, help_text="Required with the version of each page that `needs_consent`, if there is any."
    )

    def validate_consent(self, consent: dict[str, str]) -> Consent:
        return tuple(sorted(consent.items()))


def read_cart(data: Any) -> Cart:
    """Validate a request body and return its cart.

    :raises rest_framework.exceptions.ValidationError: if a field is wrong.
    """
    return _cart(read(PlaceOrderSerializer, data))


def read_cart_to_quote(data: Any) -> Cart:
    """Validate a request body without contact data and return its cart.

    :raises rest_framework.exceptions.ValidationError: if a field is wrong.
    """
    return _cart(read(CartSerializer, data))


def _cart(fields: dict[str, Any]) -> Cart:
    quantities = fields.pop("items")
    if delivery := fields.pop("delivery", None):
        fields["address"] = delivery.pop("address", "") or fields.get("address", "")
        fields["delivery"] = DeliveryChoice(**delivery)
    return Cart(quantities=quantities["product_id"], variants=quantities["variant_id"], **fields)


class OrderItemSerializer(RowSerializer[Any]):
    """An item, with the price at the time of the order or quote."""

    # Of an OrderItem, a pricing.QuotedItem or a listing.Item.

    variant_id = serializers.IntegerField()
    product_id = serializers.IntegerField()
    name = serializers.CharField()
    options = serializers.ListField(child=serializers.CharField(), help_text="Values of the options, such as `M`.")
    sku = serializers.CharField()
    price = MoneyField()
    quantity = serializers.IntegerField()
    discount = MoneyField(help_text="Its share of the discount; `total` is without it.")
    total = MoneyField(help_text="Price times quantity.")


class AdjustmentSerializer(RowSerializer[Any]):
    """An amount besides the items, such as a delivery fee; a discount is negative."""

    # Of an OrderAdjustment, a pricing.Amount or a listing.Amount.

    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # of the class: that of all fields
    amount = SignedMoneyField()


class PromoSerializer(serializers.Serializer[Any]):
    """A promo code that is valid for the cart."""

    code = serializers.CharField()
    name = serializers.CharField()
    is_used = serializers.BooleanField(help_text="false: another discount of the shop is better, and the code is kept.")


class CartQuoteSerializer(serializers.Serializer[Any]):
    """Prices of a cart, without products that are not on sale, and the reasons to refuse an order of it."""

    items = OrderItemSerializer(many=True)
    adjustments = AdjustmentSerializer(many=True)
    subtotal = MoneyField(help_text="Sum of the items.")
    discount = MoneyField(help_text="Subtracted from the sum of the items.")
    delivery_price = MoneyField(allow_null=True, help_text="null: the shop has to confirm it; `total` is without it.")
    promo = PromoSerializer(allow_null=True, help_text="What the promo code gives; null without a valid one.")
    total = MoneyField(help_text="Sum of the items and the adjustments.")
    currency = serializers.CharField()
    problems = CartProblemsField(help_text="Empty if the cart can be ordered.")


class AgreedDeliveryPriceSerializer(RequestSerializer):
    """The delivery price that the customer agrees to."""

    delivery_price = MoneyField(help_text="The one that the customer was shown.")


class MissingItemSerializer(RowSerializer[MissingItem]):
    """Pieces of an order that cannot be ordered again now."""

    name = serializers.CharField()
    options = serializers.ListField(child=serializers.CharField())
    quantity = serializers.IntegerField(help_text="How many are missing.")
    reason = serializers.ChoiceField([reason.value for reason in Reason])


class RepeatedSerializer(RowSerializer[Repeated]):
    """What of an order can be ordered again at today's prices, and what is missing."""

    items = OrderItemSerializer(many=True)
    missing = MissingItemSerializer(many=True)


class OrderEventSerializer(RowSerializer[OrderEvent]):
    """An event in the history of the order."""

    kind = serializers.ChoiceField(OrderEvent.Kind.choices)
    from_status = serializers.ChoiceField(Status.choices, allow_blank=True)
    to_status = serializers.ChoiceField(Status.choices)
    created_at = serializers.DateTimeField(default_timezone=UTC)


class OrderSummarySerializer(RowSerializer[Any]):
    """An order without its history."""

    # Of an Order or a listing.Summary.

    id = serializers.IntegerField()
    number = serializers.IntegerField(help_text="The number for people, such as №1042; requests take the `id`.")
    status = serializers.ChoiceField(Status.choices)
    subtotal = MoneyField(help_text="Sum of the items.")
    discount = MoneyField()
    delivery_price = MoneyField(allow_null=True, help_text="null: the shop has to confirm it; `total` is without it.")
    total = MoneyField()
    currency = serializers.CharField()
    contact_name = serializers.CharField()
    phone = serializers.CharField()
    address = serializers.CharField()
    comment = serializers.CharField()
    promo_code = serializers.CharField()
    delivery_kind = serializers.CharField(help_text="Empty without a delivery method.")
    delivery_method_id = serializers.IntegerField(allow_null=True)
    delivery_name = serializers.CharField()
    pickup_point = serializers.CharField()
    postcode = serializers.CharField()
    town = serializers.CharField()
    deliver_on = serializers.DateField(allow_null=True)
    slot = serializers.CharField()
    delivery_agreed = serializers.BooleanField(
        help_text="false: the shop has to set the delivery price, or the customer to agree to it."
    )
    payment_method_id = serializers.IntegerField(allow_null=True)
    payment_name = serializers.CharField()
    payment_text = serializers.CharField(help_text="How to pay.")
    created_at = serializers.DateTimeField(default_timezone=UTC)
    updated_at = serializers.DateTimeField(default_timezone=UTC)
    items = OrderItemSerializer(many=True, source="item_list")
    adjustments = AdjustmentSerializer(many=True, source="adjustment_list")


class OrderSerializer(OrderSummarySerializer):
    """An order with its history."""

    history = OrderEventSerializer(many=True)
