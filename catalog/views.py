"""Public API of the catalog."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from catalog import api_links
from catalog.freshness import replica
from catalog.images.urls import absolute_urls, site_root
from catalog.listing.facets import count_facets
from catalog.listing.pages import fetch_page, fetch_product
from catalog.listing.parameters import DescribedFilters, read_product_query
from catalog.listing.query import RELEVANCE
from catalog.listing.rows import ProductRow, VariantRow
from catalog.models import Category
from catalog.public_paths import FILTERS, LISTED, SUGGESTED
from catalog.search.interpretation import Reading
from catalog.search.ranking import PARTS, UNRANKED
from catalog.search.suggestions import suggest
from catalog.serializers import (
    CategorySerializer,
    CorrectedSerializer,
    FacetsSerializer,
    ProductDetailSerializer,
    ProductSerializer,
    SuggestionsSerializer,
    SuggestQuerySerializer,
    VariantSerializer,
)
from shop.api.caching import Public
from shop.api.pagination import CursorPages
from shop.api.parameters import takes
from shop.api.schema import problem_answer
from shop.api.serializers import read, write
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
    "price_max": "690.00",
    "old_price": "450.00",
    "images": ["https://shop.example.org/media/demo/tea-007-1.jpg"],
    "in_stock": True,
    "variant_id": None,
    "created_at": "2026-01-31T09:30:00.000000Z",
}
PRODUCT_DETAIL_EXAMPLE = {
    **PRODUCT_EXAMPLE,
    "options": [{"name": "Вес", "values": ["50 г", "100 г"]}],
    "variants": [
        {
            "id": 7,
            "sku": "TEA-007",
            "options": ["50 г"],
            "price": "390.00",
            "old_price": "450.00",
            "in_stock": True,
            "max_quantity": 3,
            "images": [],
        },
        {
            "id": 41,
            "sku": "TEA-007-100",
            "options": ["100 г"],
            "price": "690.00",
            "old_price": None,
            "in_stock": True,
            "max_quantity": None,
            "images": [],
        },
    ],
}
FACETS_EXAMPLE = {
    "categories": [{"id": 1, "count": 12}, {"id": 2, "count": 7}],
    "price": {"min": "190.00", "max": "2490.00"},
    "in_stock": 10,
    "total": 12,
    "is_exact": True,
    "corrected": None,
}
SUGGESTIONS_EXAMPLE = {
    "results": ["Иван-чай ферментированный"],
    "products": [
        {
            "id": 7,
            "name": "Иван-чай ферментированный",
            "price": "390.00",
            "price_max": "690.00",
            "old_price": "450.00",
            "image": "https://shop.example.org/media/demo/tea-007-1.jpg",
            "in_stock": True,
        }
    ],
    "categories": [{"id": 4, "name": "Иван-чай"}],
    "corrected": {"text": "иван чай", "kind": "transliteration"},
}
WRONG_PARAMETER = problem_answer("A parameter is wrong.", "invalid")


class ProductPages(CursorPages):
    """Pages of products, which tell how a search was understood."""

    reading: Reading | None = None

    def correct(self, reading: Reading) -> None:
        """Tell of a correction."""
        self.reading = reading
        # The next page belongs to the corrected search: by then the same text could be corrected differently.
        self.continue_with("search", reading.text)

    def get_paginated_response(self, data: Any) -> Response:
        """Return a page."""
        response = super().get_paginated_response(data)
        response.data["corrected"] = CorrectedSerializer(self.reading).data if self.reading else None
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the OpenAPI schema of a page."""
        page = super().get_paginated_response_schema(schema)
        page["required"].append("corrected")
        corrected = {"oneOf": [{"$ref": "#/components/schemas/Corrected"}, {"type": "null"}], "example": None}
        page["properties"]["corrected"] = corrected
        return page


class CatalogView(Public):
    """Base of public views; reads from the replica while it is up to date."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer a request."""
        with replica.reading():
            return super().dispatch(request, *args, **kwargs)


@extend_schema_view(
    list=extend_schema(
        summary="List the categories",
        description="All visible categories, by position. `parent_id` makes the tree.",
        examples=[OpenApiExample("A category", CATEGORY_EXAMPLE, response_only=True)],
        extensions=api_links.OF_CATEGORIES,
    )
)
class CategoryViewSet(CatalogView, ListModelMixin, GenericViewSet[Category]):
    """Categories that customers see."""

    serializer_class = CategorySerializer
    pagination_class = None
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Category]:
        """Return the visible ones, in the shop's order."""
        return Category.objects.visible().order_by("position", "id")


@extend_schema_view(
    list=extend_schema(
        summary="List products",
        description="Products on sale, newest first by default, in pages: follow `next`.",
        examples=[OpenApiExample("A product", PRODUCT_EXAMPLE, response_only=True)],
        responses={200: ProductSerializer, 400: WRONG_PARAMETER},
        extensions=api_links.OF_PRODUCTS,
    ),
    retrieve=extend_schema(
        summary="Get one product",
        description="A product on sale, by its id.",
        examples=[OpenApiExample("A product", PRODUCT_DETAIL_EXAMPLE, response_only=True)],
        responses={
            200: ProductDetailSerializer,
            404: problem_answer("There is no such product on sale.", "not_found"),
        },
        extensions=api_links.OF_PRODUCT,
    ),
)
class ProductViewSet(CatalogView, SlotLimited, GenericViewSet[Any]):
    """Products on sale."""

    serializer_class = ProductSerializer
    filter_backends = (DescribedFilters,)
    lookup_value_regex = "[0-9]{1,18}"
    pagination_class = ProductPages
    paginator: ProductPages

    def needs_slot(self, request: Request) -> bool:
        """Limit concurrent searches and counts: they take up to a hundred times as long as a page."""
        return self.action in {"facets", "suggest"} or "search" in request.query_params

    @takes(*LISTED)
    def list(self, request: Request) -> Response:
        """Return a page."""
        query = read_product_query(request.query_params)
        parts = len(PARTS if query.ordering == RELEVANCE else UNRANKED) if query.search else 1
        products, reading = fetch_page(query, *self.paginator.begin(request, query.ordering, parts))
        page = self.paginator.page_of(products)
        if reading:
            self.paginator.correct(reading)
        root = site_root(request)
        response = self.get_paginated_response([_product(product, root) for product in page])
        if query.search and not page:
            response["Cache-Control"] = "no-store"  # from a cache, it could not be counted that nothing was found
        return response

    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one product."""
        found = fetch_product(int(pk))
        if found is None:
            raise Http404
        return Response(_detail(*found, site_root(request)))

    @extend_schema(
        summary="Count products by category, price and stock",
        description=(
            "Counts of the products that the list returns with the same filters. The count of a category includes the "
            "categories below it. `category_id` does not change the counts of categories, so that a customer sees what "
            "the others have; `price`, `in_stock` and `total` are of the selected category."
        ),
        filters=True,
        parameters=[OpenApiParameter("ordering", exclude=True)],
        examples=[OpenApiExample("Facets", FACETS_EXAMPLE, response_only=True)],
        responses={200: FacetsSerializer, 400: WRONG_PARAMETER},
        extensions=api_links.OF_FACETS,
    )
    @action(detail=False)
    @takes(*FILTERS)
    def facets(self, request: Request) -> Response:
        """Return the counts."""
        return Response(FacetsSerializer(count_facets(read_product_query(request.query_params))).data)

    @extend_schema(
        summary="Complete what a customer types",
        description="At most 8 products on sale and 3 categories, best first; corrected like a `search`.",
        parameters=[SuggestQuerySerializer],
        examples=[OpenApiExample("Suggestions", SUGGESTIONS_EXAMPLE, response_only=True)],
        responses={200: SuggestionsSerializer, 400: WRONG_PARAMETER},
        extensions=api_links.OF_SUGGESTIONS,
    )
    @action(detail=False)
    @takes(*SUGGESTED)
    def suggest(self, request: Request) -> Response:
        """Return products and categories."""
        found = suggest(read(SuggestQuerySerializer, request.query_params)["q"])
        root = site_root(request)
        products = [_suggested(product, root) for product in found.products]
        suggestions = {
            "results": [product["name"] for product in products],
            "products": products,
            "categories": [{"id": pk, "name": name} for pk, name in found.categories],
            "corrected": found.reading,
        }
        return Response(SuggestionsSerializer(suggestions).data)


def _product(product: ProductRow, root: str) -> dict[str, Any]:
    return write(ProductSerializer, product) | {"images": absolute_urls(product.images, root)}


def _detail(product: ProductRow, variants: list[VariantRow], root: str) -> dict[str, Any]:
    options = [
        {"name": name, "values": list(dict.fromkeys(variant.options[number] for variant in variants))}
        for number, name in enumerate(product.option_names)
    ]
    listed = [
        write(VariantSerializer, variant) | {"images": absolute_urls(variant.images, root)} for variant in variants
    ]
    return _product(product, root) | {"options": options, "variants": listed}


def _suggested(product: ProductRow, root: str) -> dict[str, Any]:
    shown = product._asdict()
    return shown | {"image": next(iter(absolute_urls(product.images, root)), None)}
