"""API of what a customer keeps in the shop."""

from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.requests import CustomerRequest
from accounts.views import DISABLED, UNAUTHENTICATED
from catalog.images.urls import site_root
from catalog.models import Product, Variant
from catalog.views import PRODUCT_EXAMPLE, product_json
from customers.addresses import forget_address, saved_addresses
from customers.favourites import (
    NEWEST_FAVOURITE,
    add_favourite,
    favourite_ids,
    fetch_favourites,
    remove_favourite,
)
from customers.models import StockSubscription
from customers.serializers import (
    FavouriteIdsSerializer,
    FavouriteSerializer,
    FavouritesLimitProblemSerializer,
    SavedAddressSerializer,
    StockSubscriptionSerializer,
    SubscriptionsLimitProblemSerializer,
)
from customers.subscriptions import subscribe, subscriptions, unsubscribe
from shop.api.pagination import PAGE_PARAMETERS, CursorPages
from shop.api.parameters import KnownParameters, takes
from shop.api.schema import problem_answer
from shop.api.serializers import NoFields, read, write

REFUSED = {401: UNAUTHENTICATED, 403: DISABLED}
ADDRESS_EXAMPLE = {"id": 4, "address": "Вологда, Мира 1", "used_at": "2026-01-31T09:30:00.000000Z"}
SUBSCRIPTION_EXAMPLE = {"variant_id": 41, "product_id": 7, "created_at": "2026-01-31T09:30:00.000000Z"}
NO_ID = problem_answer("That is no id.", "not_found")
DONE = OpenApiResponse(description="Done, or done before.")


class FavouriteViewSet(KnownParameters, GenericViewSet[Any]):
    """The customer's favourites."""

    serializer_class = FavouriteSerializer
    filter_backends = ()
    lookup_url_kwarg = "product_id"
    lookup_value_regex = "[1-9][0-9]{0,17}"
    paginator: CursorPages

    @extend_schema(
        summary="List my favourites",
        description="Products on sale as in the product list, the newest favourite first, in pages: follow `next`.",
        examples=[OpenApiExample("A product", PRODUCT_EXAMPLE, response_only=True)],
        responses={
            200: FavouriteSerializer(many=True),
            400: problem_answer("A parameter is wrong.", "invalid"),
            **REFUSED,
        },
    )
    @takes(*PAGE_PARAMETERS)
    def list(self, request: CustomerRequest) -> Response:
        cursor, limit = self.paginator.begin(request, NEWEST_FAVOURITE)
        page = self.paginator.page_of(fetch_favourites(request.user, cursor, limit))
        root = site_root(request)
        return self.get_paginated_response([product_json(favourite.product, root) for favourite in page])

    @extend_schema(
        summary="Get the ids of my favourites",
        description="All of them, also those of products that are not on sale now: to mark products in other lists.",
        examples=[OpenApiExample("Two favourites", {"ids": [7, 3]}, response_only=True)],
        responses={200: FavouriteIdsSerializer, **REFUSED},
    )
    @action(detail=False, pagination_class=None)
    def ids(self, request: CustomerRequest) -> Response:
        return Response({"ids": favourite_ids(request.user)})

    @extend_schema(
        summary="Add a favourite",
        request=None,
        responses={
            204: DONE,
            **REFUSED,
            404: problem_answer("There is no such product on sale.", "not_found"),
            409: problem_answer(
                "There are too many; `limit` is how many there may be.", FavouritesLimitProblemSerializer
            ),
        },
    )
    def update(self, request: CustomerRequest, product_id: str) -> Response:
        read(NoFields, request.data)
        add_favourite(user=request.user, product=get_object_or_404(Product.objects.on_sale(), pk=product_id))
        return Response(status=HTTPStatus.NO_CONTENT)

    @extend_schema(summary="Remove a favourite", responses={204: DONE, **REFUSED, 404: NO_ID})
    def destroy(self, request: CustomerRequest, product_id: str) -> Response:
        remove_favourite(user=request.user, product_id=int(product_id))
        return Response(status=HTTPStatus.NO_CONTENT)


@extend_schema_view(
    list=extend_schema(
        summary="List my saved addresses",
        description="Those of the latest orders, at most five, the last used first; `id` is that of the latest order.",
        examples=[OpenApiExample("An address", ADDRESS_EXAMPLE, response_only=True)],
        responses={200: SavedAddressSerializer(many=True), **REFUSED},
    ),
    destroy=extend_schema(
        summary="Delete a saved address",
        responses={
            204: OpenApiResponse(description="Deleted."),
            **REFUSED,
            404: problem_answer("There is no such address, or it is another customer's.", "not_found"),
        },
    ),
)
class SavedAddressViewSet(KnownParameters, GenericViewSet[Any]):
    """The addresses of the customer's orders."""

    request: CustomerRequest
    serializer_class = SavedAddressSerializer
    pagination_class = None
    filter_backends = ()
    lookup_value_regex = "[1-9][0-9]{0,17}"

    def list(self, request: CustomerRequest) -> Response:
        return Response([write(SavedAddressSerializer, saved) for saved in saved_addresses(request.user)])

    def destroy(self, request: CustomerRequest, pk: str) -> Response:
        if not forget_address(user=request.user, order_id=int(pk), now=timezone.now()):
            raise Http404
        return Response(status=HTTPStatus.NO_CONTENT)


@extend_schema_view(
    list=extend_schema(
        summary="List what I wait for",
        description="Sold-out variants that the customer wants to be told about, newest first; at most 100.",
        examples=[OpenApiExample("A subscription", SUBSCRIPTION_EXAMPLE, response_only=True)],
        responses={200: StockSubscriptionSerializer(many=True), **REFUSED},
    )
)
class StockSubscriptionViewSet(KnownParameters, ListModelMixin, GenericViewSet[StockSubscription]):
    """Sold-out variants for which the customer waits."""

    request: CustomerRequest
    serializer_class = StockSubscriptionSerializer
    pagination_class = None
    filter_backends = ()
    lookup_url_kwarg = "variant_id"
    lookup_value_regex = "[1-9][0-9]{0,17}"

    def get_queryset(self) -> QuerySet[StockSubscription]:
        return subscriptions(self.request.user)

    @extend_schema(
        summary="Wait for a variant",
        description="Ask to be told when a sold-out variant is in stock again.",
        request=None,
        responses={
            204: DONE,
            **REFUSED,
            404: problem_answer("There is no such variant on sale.", "not_found"),
            409: problem_answer(
                "The variant is in stock, or the customer waits for `limit` variants already.",
                "variant_in_stock",
                SubscriptionsLimitProblemSerializer,
            ),
        },
    )
    def update(self, request: CustomerRequest, variant_id: str) -> Response:
        read(NoFields, request.data)
        on_sale = Variant.objects.filter(is_active=True, product__in=Product.objects.on_sale())
        subscribe(user=request.user, variant=get_object_or_404(on_sale, pk=variant_id), now=timezone.now())
        return Response(status=HTTPStatus.NO_CONTENT)

    @extend_schema(summary="Do not wait for a variant any more", responses={204: DONE, **REFUSED, 404: NO_ID})
    def destroy(self, request: CustomerRequest, variant_id: str) -> Response:
        unsubscribe(user=request.user, variant_id=int(variant_id))
        return Response(status=HTTPStatus.NO_CONTENT)
