"""Query parameters of the product list: their validation and their description in the OpenAPI file."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework import serializers
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from catalog.listing.query import ORDERINGS, RELEVANCE, ProductQuery
from catalog.public_paths import FILTERS
from catalog.search.tsquery import MAX_LENGTH
from shop.api.fields import MONEY, NO_NUL, MoneyField
from shop.api.pagination import MAX_ID, NEWEST
from shop.api.serializers import RequestSerializer, read

MAX_IDS = 100
IDS = rf"[0-9]{{1,18}}(,[0-9]{{1,18}}){{0,{MAX_IDS - 1}}}"


class ProductQuerySerializer(RequestSerializer):
    """Query parameters of the product list; an empty value is one that was not sent."""

    search = serializers.CharField(required=False, allow_blank=True, max_length=MAX_LENGTH)
    category_id = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    min_price = MoneyField(required=False)
    max_price = MoneyField(required=False)
    # Not DRF's boolean, which takes any text for a no.
    in_stock = serializers.ChoiceField(["true", "false"], required=False)
    ids = serializers.RegexField(rf"\A{IDS}\Z", required=False)
    ordering = serializers.ChoiceField(list(ORDERINGS), required=False)


def read_product_query(params: QueryDict) -> ProductQuery:
    """Read the parameters of a request.

    :raises rest_framework.exceptions.ValidationError: naming those that are wrong.
    """
    # As a dictionary: for a QueryDict DRF looks at each field twice, for a form's arrays and check boxes.
    filters = {name: value for name, value in params.items() if value and name in FILTERS}
    sent = read(ProductQuerySerializer, filters)
    if "in_stock" in sent:
        sent["in_stock"] = sent["in_stock"] == "true"
    if "ids" in sent:
        sent["ids"] = sorted({int(number) for number in sent["ids"].split(",")})
    ordering = sent.pop("ordering", None)
    best = RELEVANCE if sent.get("search") else NEWEST
    return ProductQuery(**sent, ordering=ORDERINGS[ordering] if ordering else best)


DESCRIBED: dict[str, tuple[dict[str, Any], str]] = {
    "search": (
        {"type": "string", "maxLength": MAX_LENGTH, "pattern": NO_NUL},
        (
            "Words of the name, SKU or description; the last word may be incomplete. Best first, unless `ordering` is "
            "sent. A search that finds nothing is corrected: typos, and the wrong keyboard layout."
        ),
    ),
    "category_id": (
        {"type": "integer", "format": "int64", "minimum": 1, "maximum": MAX_ID},
        "Products of this category and the categories below it.",
    ),
    "min_price": (MONEY, "Products that cost at least this much."),
    "max_price": (MONEY, "Products that cost at most this much."),
    "in_stock": ({"type": "boolean"}, "`true`: products that can be ordered; `false`: products that are sold out."),
    "ids": (
        {"type": "string", "pattern": f"^{IDS}$", "maxLength": 19 * MAX_IDS - 1},
        f"These products, such as `1,5,8`; at most {MAX_IDS}.",
    ),
    "ordering": (
        {"type": "string", "enum": list(ORDERINGS)},
        "`newest` if not sent; with `search`: best first.",
    ),
}


class DescribedFilters(BaseFilterBackend):
    """The filters of the product list, for the OpenAPI file; `fetch_page` applies them."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        """Keep all."""
        return queryset

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Describe the parameters."""
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": text,
                "schema": schema,
                "allowEmptyValue": True,
            }
            for name, (schema, text) in DESCRIBED.items()
        ]
