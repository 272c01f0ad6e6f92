"""The catalogue over the API; everybody may read it."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import AllowAny
from rest_framework.viewsets import GenericViewSet

from catalog import replica
from catalog.filters import ProductFilter
from catalog.models import Category, Product
from catalog.serializers import CategorySerializer, ProductSerializer
from shop.api.caching import Public
from shop.api.schema import problem_answer

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


@extend_schema_view(
    list=extend_schema(
        summary="List the categories",
        description="All visible categories, by position. `parent_id` makes the tree.",
        examples=[OpenApiExample("A category", CATEGORY_EXAMPLE, response_only=True)],
    )
)
class CategoryViewSet(Public, ListModelMixin, GenericViewSet[Category]):
    """Categories that customers see."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    serializer_class = CategorySerializer
    pagination_class = None
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Category]:
        """Return the visible ones, in the shop's order."""
        return Category.objects.using(replica.database()).visible().order_by("position", "id")


@extend_schema_view(
    list=extend_schema(
        summary="List products",
        description="Products on sale, newest first, page by page: follow `next`.",
        examples=[OpenApiExample("A product", PRODUCT_EXAMPLE, response_only=True)],
        responses={200: ProductSerializer, 400: problem_answer("A parameter is wrong.", "invalid")},
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
class ProductViewSet(Public, ListModelMixin, RetrieveModelMixin, GenericViewSet[Product]):
    """Products on sale."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    serializer_class = ProductSerializer
    filterset_class = ProductFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Product]:
        """Return what may be bought."""
        return Product.objects.using(replica.database()).on_sale()
