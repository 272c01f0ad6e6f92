"""OpenAPI schemas of the problems of carts and orders that have data."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from orders.statuses import Status
from shop.api.fields import MONEY, MoneyField
from shop.api.schema import ConstantField, ProblemSerializer

DELIVERY_FIELDS = ["pickup_point_id", "postcode", "town", "address", "deliver_on", "slot"]


class CartProblemSerializer(serializers.Serializer[Any]):
    """A reason to refuse a cart."""

    detail = serializers.CharField()


class UnavailableItemSerializer(serializers.Serializer[Any]):
    """An item that is not on sale, by the id that was sent."""

    product_id = serializers.IntegerField(required=False)
    variant_id = serializers.IntegerField(required=False)


class ProductUnavailableSerializer(CartProblemSerializer):
    """Some products are not on sale."""

    code = ConstantField("product_unavailable")
    items = UnavailableItemSerializer(many=True)


class UndecidedItemSerializer(serializers.Serializer[Any]):
    """A product with several variants, none of which the cart names."""

    product_id = serializers.IntegerField()


class VariantRequiredSerializer(CartProblemSerializer):
    """Some products have several variants, and the cart names none of them."""

    code = ConstantField("variant_required")
    items = UndecidedItemSerializer(many=True)


class ShortageSerializer(serializers.Serializer[Any]):
    """A variant without enough stock."""

    product_id = serializers.IntegerField()
    variant_id = serializers.IntegerField()
    requested = serializers.IntegerField()
    available = serializers.IntegerField()


class OutOfStockSerializer(CartProblemSerializer):
    """Not enough stock of some products."""

    code = ConstantField("out_of_stock")
    items = ShortageSerializer(many=True)


class PriceChangedSerializer(CartProblemSerializer):
    """`expected_total` differs from the current total."""

    code = ConstantField("price_changed")
    expected_total = MoneyField()
    total = MoneyField()


class OrderTooLargeSerializer(CartProblemSerializer):
    """The total is above 9,999,999,999.99."""

    code = ConstantField("order_too_large")


class OrdersClosedSerializer(CartProblemSerializer):
    """The shop accepts no orders at present."""

    code = ConstantField("orders_closed")


class MinTotalSerializer(CartProblemSerializer):
    """The sum of the items is below the minimum order."""

    code = ConstantField("min_total")
    min_total = MoneyField()
    missing = MoneyField()


class PromoMinTotalSerializer(CartProblemSerializer):
    """The sum of the items is below the minimum of the promo code."""

    code = ConstantField("promo_min_total")
    min_total = MoneyField()
    missing = MoneyField()


class DeliveryFieldRequiredSerializer(CartProblemSerializer):
    """Fields of `delivery` that the method needs are empty, or have a value that it does not offer."""

    code = ConstantField("delivery_field_required")
    fields = serializers.ListField(  # type: ignore[assignment]  # of the class: its own fields
        child=serializers.ChoiceField(DELIVERY_FIELDS)
    )


class DeliveryMinTotalSerializer(CartProblemSerializer):
    """The sum of the items is below the minimum of the delivery method."""

    code = ConstantField("delivery_min_total")
    min_total = MoneyField()
    missing = MoneyField()


class DeliveryTooHeavySerializer(CartProblemSerializer):
    """The items weigh more than the delivery method takes."""

    code = ConstantField("delivery_too_heavy")
    max_weight_g = serializers.IntegerField(help_text="Grams.")


class PromoMinTotalProblemSerializer(PromoMinTotalSerializer, ProblemSerializer):
    """The sum of the items is below the minimum of the promo code."""


class DeliveryFieldRequiredProblemSerializer(DeliveryFieldRequiredSerializer, ProblemSerializer):
    """Fields of `delivery` that the method needs are empty, or have a value that it does not offer."""


class DeliveryMinTotalProblemSerializer(DeliveryMinTotalSerializer, ProblemSerializer):
    """The sum of the items is below the minimum of the delivery method."""


class DeliveryTooHeavyProblemSerializer(DeliveryTooHeavySerializer, ProblemSerializer):
    """The items weigh more than the delivery method takes."""


class DeliveryPriceSettledProblemSerializer(ProblemSerializer):
    """The order waits for no delivery price."""

    code = ConstantField("delivery_price_settled")
    status_now = serializers.ChoiceField(Status.choices)


class DeliveryPriceChangedProblemSerializer(ProblemSerializer):
    """The delivery price is another one by now, or not set yet."""

    code = ConstantField("delivery_price_changed")
    delivery_price = MoneyField(allow_null=True)
    total = MoneyField()


class VariantRequiredProblemSerializer(VariantRequiredSerializer, ProblemSerializer):
    """Some products have several variants, and the cart names none of them."""


class MinTotalProblemSerializer(MinTotalSerializer, ProblemSerializer):
    """The sum of the items is below the minimum order."""


class ConsentOutdatedProblemSerializer(ProblemSerializer):
    """The customer has not agreed to the present version of a page that needs consent."""

    code = ConstantField("consent_outdated")
    required = serializers.DictField(  # type: ignore[assignment]  # of the class: whether a field must be sent
        child=serializers.CharField(), help_text="Version by page."
    )


class ProductUnavailableProblemSerializer(ProductUnavailableSerializer, ProblemSerializer):
    """Some products are not on sale."""


class OutOfStockProblemSerializer(OutOfStockSerializer, ProblemSerializer):
    """Not enough stock of some products."""


class PriceChangedProblemSerializer(PriceChangedSerializer, ProblemSerializer):
    """`expected_total` differs from the current total."""


@extend_schema_field({"oneOf": [{"type": "integer", "format": "int64", "minimum": 0}, MONEY]})
class OrdersPiecesOrMoneyField(serializers.Field[Any, Any, Any, Any]):
    """Number of orders or pieces, or an amount of money."""


class OpenOrdersLimitProblemSerializer(ProblemSerializer):
    """With this order, the customer's unconfirmed orders would exceed a limit."""

    code = ConstantField("open_orders_limit")
    limit = serializers.ChoiceField(["orders", "pieces", "total"], help_text="The limit.")
    allowed = OrdersPiecesOrMoneyField(help_text="Its value; of `total` an amount of money.")
    open = OrdersPiecesOrMoneyField(help_text="What the customer's unconfirmed orders have so far.")


class InvalidTransitionProblemSerializer(ProblemSerializer):
    """The order cannot get that status now."""

    code = ConstantField("invalid_transition")
    status_now = serializers.ChoiceField(Status.choices)


def _without_data(code: str) -> serializers.Serializer[Any] | type[serializers.Serializer[Any]]:
    """Return the schema of a problem that has only a code and a sentence."""
    name = "".join(word.title() for word in code.split("_"))
    return type(f"{name}Serializer", (CartProblemSerializer,), {"code": ConstantField(code), "__doc__": None})


CART_PROBLEMS: dict[str, serializers.Serializer[Any] | type[serializers.Serializer[Any]]] = {
    "orders_closed": OrdersClosedSerializer,
    "product_unavailable": ProductUnavailableSerializer,
    "variant_required": VariantRequiredSerializer,
    "promo_unknown": _without_data("promo_unknown"),
    "promo_expired": _without_data("promo_expired"),
    "promo_min_total": PromoMinTotalSerializer,
    "promo_used_up": _without_data("promo_used_up"),
    "promo_already_used": _without_data("promo_already_used"),
    "delivery_method_unavailable": _without_data("delivery_method_unavailable"),
    "delivery_place_not_served": _without_data("delivery_place_not_served"),
    "delivery_field_required": DeliveryFieldRequiredSerializer,
    "delivery_min_total": DeliveryMinTotalSerializer,
    "delivery_too_heavy": DeliveryTooHeavySerializer,
    "min_total": MinTotalSerializer,
    "price_changed": PriceChangedSerializer,
    "order_too_large": OrderTooLargeSerializer,
    "out_of_stock": OutOfStockSerializer,
}


@extend_schema_field(
    PolymorphicProxySerializer("CartProblem", CART_PROBLEMS, resource_type_field_name="code", many=True)
)
class CartProblemsField(serializers.ListField):
    """Reasons to refuse a cart: `code`, `detail` and data of the problems of POST /orders."""
