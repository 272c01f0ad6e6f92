"""Rows of the product list, as plain tuples: models of 20 products took a third of the time of a page."""

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import router

from catalog.models import NAME_KEY, Product
from shop.postgres.rows import fetch_rows

_COLUMNS = (
    "id, category_id, name, slug, sku, description, price, price_max, old_price, images, is_available, variant_id,"
    " option_names, created_at"
)
NAME = NAME_KEY.format("name")


def columns(*, name_key: str = "NULL", part: str = "0") -> str:
    """Return the columns of a ProductRow, in SQL."""
    return f"{_COLUMNS}, {name_key}, {part}"


class ProductRow(NamedTuple):
    """A product as the API shows it, with what it may be sorted by."""

    id: int
    category_id: int
    name: str
    slug: str
    sku: str
    description: str
    price: Decimal  # the lowest of its variants
    price_max: Decimal
    old_price: Decimal | None
    images: str  # a JSON list of web addresses, or paths below the media folder: see catalog.images.urls
    in_stock: bool
    variant_id: int | None  # None if it has several
    option_names: list[str]
    created_at: datetime
    name_key: str | None  # None if the list is not sorted by it
    part: int  # of what a search finds; else 0


def fetch_products(statement: str, parameters: dict[str, Any], *, plan_for_values: bool = False) -> list[ProductRow]:
    """Run a SELECT of `columns`."""
    rows = fetch_rows(statement, parameters, using=router.db_for_read(Product), plan_for_values=plan_for_values)
    return [ProductRow._make(row) for row in rows]


class DetailRow(NamedTuple):
    """What only the page of a product shows of it."""

    category_path: list[dict[str, Any]]  # id, name and slug, from the top level down
    properties: list[dict[str, str]]
    variants: list["VariantRow"]  # those on sale


class VariantRow(NamedTuple):
    """A variant as the API shows it."""

    id: int
    sku: str
    options: list[str]
    price: Decimal
    old_price: Decimal | None
    in_stock: bool
    max_quantity: int | None
    images: str  # as of a ProductRow
