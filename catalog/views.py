"""Public API of the catalog."""

import json
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from catalog import api_links
from catalog.freshness import replica
from catalog.images.urls import absolute_urls, pictures, site_root
from catalog.listing.categories import CategoryRow, fetch_categories
from catalog.listing.facets import count_facets
from catalog.listing.pages import fetch_page, fetch_product
from catalog.listing.parameters import DescribedFilters, read_product_query
from catalog.listing.query import RELEVANCE
from catalog.listing.related import fetch_related
from catalog.listing.rows import DetailRow, ProductRow
from catalog.public_paths import FILTERS, LISTED, SUGGESTED
from catalog.search.interpretation import Reading
from catalog.search.ranking import PARTS, UNRANKED
from catalog.search.suggestions import suggest
from catalog.serializers import (
    CategoryRowSerializer,
    CategorySerializer,
    CorrectedSerializer,
    FacetsSerializer,
    ProductDetailSerializer,
    ProductRowSerializer,
    ProductSerializer,
    RelatedSerializer,
    SuggestionsSerializer,
    SuggestQuerySerializer,
    VariantRowSerializer,
)
from shop.api.caching import Public
from shop.api.pagination import CursorPages
from shop.api.parameters import takes
from shop.api.schema import problem_answer
from shop.api.serializers import read, write
from shop.api.slots import SlotLimited

UPLOADED = f"https://shop.example.org/media/products/ab/{'ab' * 32}-1500x2000"
PICTURE_EXAMPLE = {
    "url": f"{UPLOADED}.jpg",
    "thumbnail": f"{UPLOADED}.thumb.webp",
    "width": 1500,
    "height": 2000,
    "alt": "Иван-чай ферментированный",
}
CATEGORY_EXAMPLE = {
    "id": 2,
    "name": "Чай",
    "slug": "tea",
    "parent_id": None,
    "position": 1,
    "description": "Чёрный, зелёный и травяной.",
    "product_count": 12,
    "image": {**PICTURE_EXAMPLE, "alt": "Чай"},
}
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
    "images": [PICTURE_EXAMPLE["url"]],
    "in_stock": True,
    "variant_id": None,
    "created_at": "2026-01-31T09:30:00.000000Z",
    "pictures": [PICTURE_EXAMPLE],
}
PRODUCT_DETAIL_EXAMPLE = {
    **PRODUCT_EXAMPLE,
    "category_path": [{"id": 1, "name": "Напитки", "slug": "drinks"}, {"id": 2, "name": "Чай", "slug": "tea"}],
    "properties": [{"name": "Сбор", "value": "июль 2026"}],
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
            "pictures": [],
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
            "pictures": [],
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
ID = "[0-9]{1,18}"
SLUG = "[0-9]*[a-zA-Z_-][a-zA-Z0-9_-]*"  # not digits alone
ID_OR_SLUG = OpenApiParameter(
    "id",
    {
        "anyOf": [
            {"type": "integer", "format": "int64", "minimum": 1, "maximum": 10**18 - 1},
            {"type": "string", "pattern": f"^{SLUG}$", "maxLength": 200},
        ]
    },
    OpenApiParameter.PATH,
    description="Id, as in the lists, or slug.",
)
NO_PRODUCT = problem_answer("There is no such product on sale.", "not_found")
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
        responses={200: CategorySerializer(many=True)},
        extensions=api_links.OF_CATEGORIES,
    )
)
class CategoryViewSet(CatalogView, GenericViewSet[Any]):
    """Categories that customers see."""

    serializer_class = CategorySerializer
    pagination_class = None
    filter_backends = ()

    def list(self, request: Request) -> Response:
        """Return the visible ones, in the shop's order."""
        root = site_root(request)
        return Response([_category(category, root) for category in fetch_categories()])


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
        description="A product on sale, by its id or its slug. Digits alone are an id.",
        parameters=[ID_OR_SLUG],
        examples=[OpenApiExample("A product", PRODUCT_DETAIL_EXAMPLE, response_only=True)],
        responses={
            200: ProductDetailSerializer,
            404: NO_PRODUCT,
        },
        extensions=api_links.OF_PRODUCT,
    ),
)
class ProductViewSet(CatalogView, SlotLimited, GenericViewSet[Any]):
    """Products on sale."""

    serializer_class = ProductSerializer
    filter_backends = (DescribedFilters,)
    lookup_value_regex = f"{ID}|{SLUG}"
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
        response = self.get_paginated_response([product_json(product, root) for product in page])
        if query.search and not page:
            response["Cache-Control"] = "no-store"  # from a cache, it could not be counted that nothing was found
        return response

    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one product."""
        found = fetch_product(_key(pk))
        if found is None:
            raise Http404
        return Response(_detail(*found, site_root(request)))

    @extend_schema(
        summary="List what else a customer may like",
        description="At most 8 products of the same category that are in stock; those of about the same price first.",
        parameters=[ID_OR_SLUG],
        examples=[OpenApiExample("Related products", {"results": [PRODUCT_EXAMPLE]}, response_only=True)],
        responses={200: RelatedSerializer, 404: NO_PRODUCT},
        filters=False,
    )
    @action(detail=True)
    def related(self, request: Request, pk: str) -> Response:
        """Return the products."""
        products = fetch_related(_key(pk))
        if products is None:
            raise Http404
        root = site_root(request)
        return Response({"results": [product_json(product, root) for product in products]})

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


def _category(category: CategoryRow, root: str) -> dict[str, Any]:
    images = json.dumps([category.image] if category.image else [])
    return write(CategoryRowSerializer, category) | {"image": next(iter(pictures(images, root, category.name)), None)}


def _key(id_or_slug: str) -> int | str:
    return int(id_or_slug) if id_or_slug.isdecimal() else id_or_slug


def product_json(product: ProductRow, root: str) -> dict[str, Any]:
    """Return a product as in the list, with absolute addresses of its pictures."""
    return write(ProductRowSerializer, product) | _shown_images(product.images, root, product.name)


def _shown_images(images: str, root: str, name: str) -> dict[str, Any]:
    return {"images": absolute_urls(images, root), "pictures": pictures(images, root, name)}


def _detail(product: ProductRow, detail: DetailRow, root: str) -> dict[str, Any]:
    options = [
        {"name": name, "values": list(dict.fromkeys(variant.options[number] for variant in detail.variants))}
        for number, name in enumerate(product.option_names)
    ]
    listed = [
        write(VariantRowSerializer, variant) | _shown_images(variant.images, root, product.name)
        for variant in detail.variants
    ]
    return product_json(product, root) | {
        "category_path": detail.category_path,
        "properties": detail.properties,
        "options": options,
        "variants": listed,
    }


def _suggested(product: ProductRow, root: str) -> dict[str, Any]:
    shown = product._asdict()
    return shown | {"image": next(iter(absolute_urls(product.images, root)), None)}
