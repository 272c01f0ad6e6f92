"""Facets: how many products a list has, by category, price and stock."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import router

from catalog.listing.query import ProductQuery
from catalog.models import VISIBLE_IDS, Product
from catalog.search.interpretation import interpret
from catalog.search.tsquery import Search
from shop.postgres.rows import fetch_rows

COUNT = """
SELECT category_id, count(*), count(*) FILTER (WHERE is_available), min(price), max(price)
FROM catalog_product WHERE category_id = ANY (ARRAY ({visible_ids})) AND {conditions} GROUP BY category_id
"""
CATEGORIES = f"""
SELECT id, parent_id FROM catalog_category WHERE id IN ({VISIBLE_IDS}) ORDER BY position, id
"""  # noqa: S608 - constants


def count_facets(query: ProductQuery) -> dict[str, Any]:
    """Return the facets of products on sale.

    :param query: the price, the stock and the total are of its category, and those below; the counts of categories are
        of all.
    :returns: `categories` ({id, count}, with all below), `price` ({min, max}), `in_stock`, `total`.
    """
    using = router.db_for_read(Product)
    rows = _count(query, using)
    if query.search and not rows:
        understood = replace(query, search=interpret(query.search, finds_nothing=not query.filters))
        rows = [] if understood == query else _count(understood, using)
    parents = dict(fetch_rows(CATEGORIES, {}, using=using))
    totals: Counter[int] = Counter()
    listed = []
    for row in rows:
        path = _path(row[0], parents)
        totals.update(dict.fromkeys(path, row[1]))
        if query.category_id is None or query.category_id in path:
            listed.append(row)
    return {
        "categories": [{"id": pk, "count": totals[pk]} for pk in parents if totals[pk]],
        "price": {
            "min": min((low for *_, low, _ in listed), default=None),
            "max": max((high for *_, high in listed), default=None),
        },
        "in_stock": sum(available for _, _, available, *_ in listed),
        "total": sum(total for _, total, *_ in listed),
    }


def _count(query: ProductQuery, using: str) -> list[tuple[Any, ...]]:
    conditions, parameters = query.conditions, dict(query.filters)
    if query.search:
        search = Search(query.search)
        if not search.words:
            return []
        conditions = f"{conditions} AND search @@ {search.tsquery}"
        parameters |= search.parameters
    statement = COUNT.format(visible_ids=VISIBLE_IDS, conditions=conditions)
    return fetch_rows(statement, parameters, using=using, plan_for_values=bool(parameters))


def _path(category_id: int | None, parents: Mapping[int, int | None]) -> list[int]:
    """List a visible category and all above it; these stand in a tree, so there is an end."""
    path = []
    while category_id is not None and category_id in parents:
        path.append(category_id)
        category_id = parents[category_id]
    return path
