"""Facets: how many products a list has, by category, price and stock."""

from typing import Any

from django.db import router

from catalog.listing.categories import path_of, totals_with_below
from catalog.listing.counts import Counts, count_all
from catalog.listing.query import ProductQuery
from catalog.models import VISIBLE_IDS, Product
from catalog.search.counts import count_found
from catalog.search.interpretation import Reading, interpret
from catalog.search.tsquery import read_search
from shop.postgres.rows import fetch_rows

CATEGORIES = f"""
SELECT id, parent_id FROM catalog_category WHERE id IN ({VISIBLE_IDS}) ORDER BY position, id
"""  # noqa: S608 - constants


def count_facets(query: ProductQuery) -> dict[str, Any]:
    """Return the facets of products on sale.

    :param query: the price, the stock and the total are of its category, and those below; the counts of categories are
        of all.
    :returns: `categories` ({id, count}, with all below), `price` ({min, max}), `in_stock`, `total`, `is_exact`,
        `corrected` (a Reading).
    """
    found, reading = _count(query)
    parents = dict(fetch_rows(CATEGORIES, {}, using=router.db_for_read(Product)))
    totals = totals_with_below(((count.category_id, count.total) for count in found.by_category), parents)
    listed = [
        count
        for count in found.by_category
        if query.category_id is None or query.category_id in path_of(count.category_id, parents)
    ]
    return {
        "categories": [{"id": pk, "count": totals[pk]} for pk in parents if totals[pk]],
        "price": {
            "min": min((count.low for count in listed), default=None) if found.low is None else found.low,
            "max": max((count.high for count in listed), default=None) if found.high is None else found.high,
        },
        "in_stock": sum(count.available for count in listed),
        "total": sum(count.total for count in listed),
        "is_exact": found.is_exact,
        "corrected": reading,
    }


def _count(query: ProductQuery) -> tuple[Counts, Reading | None]:
    if not query.search:
        return count_all(query), None
    search = read_search(query.search)
    found = count_found(query, search)
    if found.by_category:
        return found, None
    reading = interpret(search, finds_nothing=not query.filters)
    if reading is None:
        return found, None
    return count_found(query, read_search(reading.text), has_most=reading.has_most), reading
