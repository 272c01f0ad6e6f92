"""API of the payment methods."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from payments.methods import current
from payments.models import PaymentMethod
from shop.api.caching import Public
from shop.api.serializers import RowSerializer, write

EXAMPLE = {"id": 1, "kind": "cash", "name": "Наличными курьеру", "text": ""}


class PaymentMethodSerializer(RowSerializer[PaymentMethod]):
    """A payment method."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(PaymentMethod.Kind.choices)
    name = serializers.CharField()
    text = serializers.CharField(help_text="How to pay; orders keep it.")


class PaymentMethodsView(Public):
    """Payment methods that the shop offers, in its order."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        summary="List the payment methods",
        description="Empty if the shop has none: then orders need no `payment_method_id`.",
        examples=[OpenApiExample("Cash", EXAMPLE, response_only=True)],
        responses={200: PaymentMethodSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """Return all methods."""
        return Response([write(PaymentMethodSerializer, method) for method in current()])
