"""OpenAPI schemas of the problems of carts and orders that have data."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from orders.statuses import Status
from shop.api.fields import MONEY, MoneyField
from shop.api.schema import ConstantField, ProblemSerializer


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


CART_PROBLEMS: dict[str, serializers.Serializer[Any] | type[serializers.Serializer[Any]]] = {
    "orders_closed": OrdersClosedSerializer,
    "product_unavailable": ProductUnavailableSerializer,
    "variant_required": VariantRequiredSerializer,
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
