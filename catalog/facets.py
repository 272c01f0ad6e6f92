"""Counting what a list has."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Max, Min, Q

from catalog.models import Category, ProductQuerySet


def count(products: ProductQuerySet, category_id: int | None) -> dict[str, Any]:
    """Return the facets of products on sale.

    :param products: of all categories.
    :param category_id: the one whose products, and those below, the price, the stock and the total are of.
    :returns: `categories` ({id, count}, with all below), `price` ({min, max}), `in_stock`, `total`.
    """
    rows = list(
        products.order_by()
        .values("category_id")
        .annotate(
            total=Count("*"), available=Count("pk", filter=Q(is_available=True)), low=Min("price"), high=Max("price")
        )
    )
    shelves = dict(Category.objects.visible().order_by("position", "id").values_list("pk", "parent_id"))
    totals: Counter[int] = Counter()
    listed = []
    for row in rows:
        path = _path(row["category_id"], shelves)
        totals.update(dict.fromkeys(path, row["total"]))
        if category_id is None or category_id in path:
            listed.append(row)
    return {
        "categories": [{"id": pk, "count": totals[pk]} for pk in shelves if totals[pk]],
        "price": {
            "min": min((row["low"] for row in listed), default=None),
            "max": max((row["high"] for row in listed), default=None),
        },
        "in_stock": sum(row["available"] for row in listed),
        "total": sum(row["total"] for row in listed),
    }


def _path(category_id: int | None, parents: Mapping[int, int | None]) -> list[int]:
    """List a visible category and all above it; these stand in a tree, so there is an end."""
    path = []
    while category_id is not None and category_id in parents:
        path.append(category_id)
        category_id = parents[category_id]
    return path
