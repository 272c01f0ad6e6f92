"""Counts of products by category."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import router

from catalog.listing.query import ProductQuery
from catalog.models import VISIBLE_IDS, Product
from shop.postgres.rows import fetch_rows

COUNT = """
SELECT category_id, count(*), count(*) FILTER (WHERE is_available), min(price), max(price)
FROM {products} WHERE {conditions} AND category_id = ANY (ARRAY ({visible_ids})) GROUP BY category_id
"""


class CategoryCount(NamedTuple):
    """The products of one category, without those of the categories below it."""

    category_id: int
    total: int
    available: int
    low: Decimal  # price
    high: Decimal


@dataclass(frozen=True)
class Counts:
    """The products of all categories that have any."""

    by_category: Sequence[CategoryCount]
    is_exact: bool = True
    # The prices of the query's own category, if they are known better than from the counts.
    low: Decimal | None = None
    high: Decimal | None = None


def count_all(query: ProductQuery) -> Counts:
    """Count the products that pass the filters."""
    return Counts(count_products("catalog_product", query.conditions, query.filters))


def count_products(
    products: str, conditions: str, parameters: dict[str, Any], further_row: str = ""
) -> list[CategoryCount]:
    """Count products by category.

    :param products: an item of FROM.
    :param further_row: a SELECT of one more row, with as many columns; it comes last.
    """
    statement = COUNT.format(products=products, conditions=conditions, visible_ids=VISIBLE_IDS)
    if further_row:
        statement = f"{statement} UNION ALL {further_row} ORDER BY 1 NULLS LAST"
    using = router.db_for_read(Product)
    rows = fetch_rows(statement, parameters, using=using, plan_for_values=bool(parameters))
    return [CategoryCount._make(row) for row in rows]
