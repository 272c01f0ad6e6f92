"""API of carts and of a customer's own orders."""

import re
from http import HTTPStatus

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.authentication import BaseAuthentication
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.viewsets import GenericViewSet

from accounts.models import User
from accounts.requests import CustomerRequest
from orders import api_examples as examples
from orders.delivery_price import agree_to_delivery_price
from orders.lifecycle import change_status
from orders.listing import fetch_own_orders
from orders.models import Order
from orders.placing.cart import Checkout
from orders.placing.service import place_order, quote_cart
from orders.promo_guesses import guesses
from orders.repeating import repeat_order
from orders.serializers import (
    AgreedDeliveryPriceSerializer,
    CartQuoteSerializer,
    CartSerializer,
    OrderSerializer,
    OrderSummarySerializer,
    PlaceOrderSerializer,
    RepeatedSerializer,
    read_cart,
    read_cart_to_quote,
)
from orders.statuses import CANCELLED_BY_CUSTOMER_FROM, Status
from shop.api.pagination import NEWEST, PAGE_PARAMETERS, CursorPages
from shop.api.parameters import KnownParameters, takes
from shop.api.serializers import NoFields, read, write
from shop.api.throttles import OrdersPerCustomer


@extend_schema_view(
    retrieve=extend_schema(
        summary="Get one of my orders",
        examples=[examples.ORDER],
        responses={200: OrderSerializer, **examples.UNAUTHENTICATED, 404: examples.NOT_MINE},
        extensions=examples.LINKS_OF_ORDER,
    )
)
class OrderViewSet(KnownParameters, RetrieveModelMixin, GenericViewSet[Order]):
    """An order of the customer, with its history; orders of other customers are a 404."""

    request: CustomerRequest
    paginator: CursorPages
    serializer_class = OrderSerializer
    filter_backends = ()
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Order]:
        return Order.objects.of(self.request.user).with_details()

    def get_throttles(self) -> list[BaseThrottle]:
        """Add the rate limit of placed orders, which is counted apart from other requests."""
        more = [OrdersPerCustomer()] if self.action == "create" else []
        return super().get_throttles() + more

    @extend_schema(
        summary="Place an order",
        description=examples.PLACE_ORDER,
        request=PlaceOrderSerializer,
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                {"type": "string", "minLength": 1, "maxLength": 257, "pattern": examples.KEY},
                OpenApiParameter.HEADER,
                description="1 to 255 visible ASCII characters, such as a UUID; one key for each checkout.",
            ),
            OpenApiParameter(
                "Idempotent-Replayed",
                {"type": "string", "const": "true"},
                OpenApiParameter.HEADER,
                response=[200],
                description="An earlier request with this key has placed the order.",
            ),
        ],
        examples=[examples.CART, examples.ORDER],
        responses=examples.PLACE_ORDER_ANSWERS,
        extensions=examples.LINKS_OF_PLACED,
    )
    def create(self, request: CustomerRequest) -> Response:
        """Place an order: 201 if it is new, 200 if an earlier request with the same key placed it."""
        cart, key = read_cart(request.data), _idempotency_key(request)
        with guesses(request, cart):
            order, is_new = place_order(user=request.user, cart=cart, idempotency_key=key)
        if is_new:
            return Response(write(OrderSerializer, order), status=HTTPStatus.CREATED)
        return Response(write(OrderSerializer, order), headers={"Idempotent-Replayed": "true"})

    @extend_schema(
        summary="List my orders",
        description="Newest first, in pages: follow `next`.",
        examples=[examples.ORDER_SUMMARY],
        responses={
            200: OrderSummarySerializer(many=True),
            400: examples.BAD_PARAMETER,
            **examples.UNAUTHENTICATED,
        },
        extensions=examples.LINKS_OF_LIST,
    )
    @action(detail=False, serializer_class=OrderSummarySerializer)
    @takes(*PAGE_PARAMETERS)
    def my(self, request: CustomerRequest) -> Response:
        cursor, limit = self.paginator.begin(request, NEWEST)
        page = self.paginator.page_of(fetch_own_orders(request.user, cursor, limit))
        return self.get_paginated_response([write(OrderSummarySerializer, order) for order in page])

    @extend_schema(
        summary="Cancel an order that is still new",
        request=None,
        examples=[examples.CANCELLED_ORDER],
        responses={
            200: OrderSerializer,
            **examples.UNAUTHENTICATED,
            404: examples.NOT_MINE,
            409: examples.NOT_NEW,
        },
        extensions=examples.LINKS_OF_ORDER,
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: CustomerRequest, pk: str) -> Response:
        """Cancel the order and return its products to stock."""
        read(NoFields, request.data)
        order = get_object_or_404(Order.objects.of(request.user), pk=pk)
        change_status(order_id=order.pk, to=Status.CANCELLED, actor=request.user, only_from=CANCELLED_BY_CUSTOMER_FROM)
        return Response(write(OrderSerializer, self.get_object()))

    @extend_schema(
        summary="Agree to the delivery price of an order",
        request=AgreedDeliveryPriceSerializer,
        examples=[examples.AGREED_PRICE, examples.ORDER],
        responses={
            200: OrderSerializer,
            400: examples.BAD_BODY,
            **examples.UNAUTHENTICATED,
            404: examples.NOT_MINE,
            409: examples.NOT_AGREED,
        },
        extensions=examples.LINKS_OF_ORDER,
    )
    @action(detail=True, methods=["post"], url_path="agree-to-delivery-price")
    def agree_to_delivery_price(self, request: CustomerRequest, pk: str) -> Response:
        """Agree to the price that the shop has set for the delivery; agreeing again changes nothing."""
        price = read(AgreedDeliveryPriceSerializer, request.data)["delivery_price"]
        order = get_object_or_404(Order.objects.of(request.user), pk=pk)
        agree_to_delivery_price(order_id=order.pk, price=price, actor=request.user)
        return Response(write(OrderSerializer, self.get_object()))

    @extend_schema(
        summary="Get what of an order can be ordered again",
        description=(
            "Items that are still sold, at today's prices and as far as the stock goes, and what is missing. Nothing "
            "is written or reserved: place a new order with `items`."
        ),
        request=None,
        examples=[examples.REPEATED],
        responses={200: RepeatedSerializer, **examples.UNAUTHENTICATED, 404: examples.NOT_MINE},
    )
    @action(detail=True, methods=["post"])
    def repeat(self, request: CustomerRequest, pk: str) -> Response:
        read(NoFields, request.data)
        order = get_object_or_404(Order.objects.of(request.user), pk=pk)
        return Response(write(RepeatedSerializer, repeat_order(order)))


class CartQuoteView(KnownParameters):
    """Quote of a cart."""

    permission_classes = (AllowAny,)

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Authenticate only if the request has an Authorization header; without it, it is anonymous."""
        # drf-spectacular calls this without a client's request; the OpenAPI file says that both are possible.
        by_customer = getattr(self, "swagger_fake_view", False) or "HTTP_AUTHORIZATION" in self.request.META
        return super().get_authenticators() if by_customer else []

    @extend_schema(
        summary="Price a cart without ordering it",
        description=examples.QUOTE_CART,
        request=CartSerializer,
        examples=[examples.QUOTED_CART, examples.CART_QUOTE],
        responses=examples.QUOTE_CART_ANSWERS,
    )
    def post(self, request: Request) -> Response:
        user = request.user if isinstance(request.user, User) else None
        cart = read_cart_to_quote(request.data)
        with guesses(request, cart) as guessed:
            quote, problems = quote_cart(Checkout(cart, user))
            guessed(problems)
        body = {
            "items": quote.items,
            "adjustments": quote.adjustments,
            "subtotal": quote.subtotal,
            "discount": quote.discount,
            "delivery_price": quote.delivery_price,
            "promo": quote.promo and quote.promo._asdict(),
            "total": quote.total,
            "currency": settings.CURRENCY,
            "problems": [{"code": problem.code, "detail": problem.detail, **problem.data} for problem in problems],
        }
        return Response(CartQuoteSerializer(body).data)


def _idempotency_key(request: CustomerRequest) -> str | None:
    """Read the Idempotency-Key header, quoted (as in the IETF draft) or bare (as most clients send it)."""
    key: str | None = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return None
    key = key[1:-1] if re.fullmatch(r'".*"', key) else key
    if not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
        sentence = _("Write 1 to 255 visible ASCII characters, such as a UUID.")
        raise ValidationError({"Idempotency-Key": [sentence]}, code="invalid")
    return key
