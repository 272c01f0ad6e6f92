"""The catalogue over the API; everybody may read it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from catalog.facets import count
from catalog.filters import ProductFilter, read
from catalog.freshness import replica
from catalog.models import Category, Product
from catalog.search import suggestions
from catalog.serializers import (
    CategorySerializer,
    FacetsSerializer,
    ProductSerializer,
    SuggestionsSerializer,
    SuggestQuerySerializer,
)
from shop.api import serializers
from shop.api.caching import Public
from shop.api.pagination import CursorPages
from shop.api.schema import problem_answer
from shop.api.slots import SlotLimited

CATEGORY_EXAMPLE = {"id": 2, "name": "Чай", "slug": "tea", "parent_id": None, "position": 1}
PRODUCT_EXAMPLE = {
    "id": 7,
    "category_id": 2,
    "name": "Иван-чай ферментированный",
    "slug": "ivan-chai",
    "sku": "TEA-007",
    "description": "Собран в июле под Вологдой.",
    "price": "390.00",
    "old_price": "450.00",
    "images": ["https://shop.example.org/media/demo/tea-007-1.jpg"],
    "in_stock": True,
}
FACETS_EXAMPLE = {
    "categories": [{"id": 1, "count": 12}, {"id": 2, "count": 7}],
    "price": {"min": "190.00", "max": "2490.00"},
    "in_stock": 10,
    "total": 12,
}
SUGGESTIONS_EXAMPLE = {"results": ["Иван-чай ферментированный", "Иван-чай с чабрецом"]}
WRONG_PARAMETER = problem_answer("A parameter is wrong.", "invalid")


class CatalogView(Public):
    """What everybody may read, from the replica if that is not behind."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer a request."""
        with replica.reading():
            return super().dispatch(request, *args, **kwargs)


@extend_schema_view(
    list=extend_schema(
        summary="List the categories",
        description="All visible categories, by position. `parent_id` makes the tree.",
        examples=[OpenApiExample("A category", CATEGORY_EXAMPLE, response_only=True)],
    )
)
class CategoryViewSet(CatalogView, ListModelMixin, GenericViewSet[Category]):
    """Categories that customers see."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    serializer_class = CategorySerializer
    pagination_class = None
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Category]:
        """Return the visible ones, in the shop's order."""
        return Category.objects.visible().order_by("position", "id")


@extend_schema_view(
    list=extend_schema(
        summary="List products",
        description="Products on sale, newest first unless told otherwise, page by page: follow `next`.",
        examples=[OpenApiExample("A product", PRODUCT_EXAMPLE, response_only=True)],
        responses={200: ProductSerializer, 400: WRONG_PARAMETER},
    ),
    retrieve=extend_schema(
        summary="Get one product",
        examples=[OpenApiExample("A product", PRODUCT_EXAMPLE, response_only=True)],
        responses={
            200: ProductSerializer,
            404: problem_answer("There is no such product on sale.", "not_found"),
        },
    ),
)
class ProductViewSet(CatalogView, SlotLimited, RetrieveModelMixin, GenericViewSet[Product]):
    """Products on sale."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    serializer_class = ProductSerializer
    filterset_class = ProductFilter
    lookup_value_regex = "[0-9]{1,18}"
    paginator: CursorPages

    def needs_slot(self, request: Request) -> bool:
        """Searches and counts take up to a hundred times as long as a page."""
        return self.action in {"facets", "suggest"} or "search" in request.query_params

    def get_queryset(self) -> QuerySet[Product]:
        """Return what may be bought."""
        return Product.objects.on_sale()

    def list(self, request: Request) -> Response:
        """Return a page."""
        asked = read(request.query_params)
        page = self.paginator.paginate(asked.parts(), request, asked.ordering)
        if asked.search:
            # The next page belongs to what was understood now, whatever the same text would mean by then.
            self.paginator.continue_with("search", asked.search.text)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        summary="Count products by category, price and stock",
        description=(
            "What the list has under the same filters, counted. A category counts all below it, as `category_id` does; "
            "`category_id` itself leaves the counts of categories as they are, so that a customer sees what the others "
            "have. `price`, `in_stock` and `total` are of the list itself."
        ),
        filters=True,
        parameters=[OpenApiParameter("ordering", exclude=True)],
        examples=[OpenApiExample("Facets", FACETS_EXAMPLE, response_only=True)],
        responses={200: FacetsSerializer, 400: WRONG_PARAMETER},
    )
    @action(detail=False)
    def facets(self, request: Request) -> Response:
        """Return the counts."""
        asked = read(request.query_params)
        return Response(FacetsSerializer(count(asked.found(), asked.category_id)).data)

    @extend_schema(
        summary="Complete what a customer types",
        description="At most 8 names of products on sale, best first. What finds nothing is corrected, as in `search`.",
        parameters=[SuggestQuerySerializer],
        examples=[OpenApiExample("Suggestions", SUGGESTIONS_EXAMPLE, response_only=True)],
        responses={200: SuggestionsSerializer, 400: WRONG_PARAMETER},
    )
    @action(detail=False)
    def suggest(self, request: Request) -> Response:
        """Return the names."""
        text = serializers.read(SuggestQuerySerializer, request.query_params)["q"]
        return Response(SuggestionsSerializer({"results": suggestions(text)}).data)
