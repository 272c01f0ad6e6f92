"""Categories that customers see, each with the number of its products."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db import router

from catalog.models import VISIBLE_IDS, Category
from shop.postgres.rows import fetch_rows

# The products are counted along an index: 100,000 of them without a look at the table.
CATEGORIES = f"""
SELECT id, name, slug, parent_id, position, description, image, coalesce(count, 0)
FROM catalog_category LEFT JOIN (
    SELECT category_id, count(*) AS count FROM catalog_product WHERE is_active GROUP BY category_id
) AS product ON product.category_id = catalog_category.id
WHERE id IN ({VISIBLE_IDS}) ORDER BY position, id
"""  # noqa: S608 - constants


class CategoryRow(NamedTuple):
    """A visible category as the API shows it."""

    id: int
    name: str
    slug: str
    parent_id: int | None
    position: int
    description: str
    image: str  # a web address or a path below the media folder; empty: none
    product_count: int  # on sale, with those of the categories below


def fetch_categories() -> list[CategoryRow]:
    """Return the visible categories, in the shop's order."""
    rows = [CategoryRow._make(row) for row in fetch_rows(CATEGORIES, {}, using=router.db_for_read(Category))]
    parents = {row.id: row.parent_id for row in rows}
    totals = totals_with_below(((row.id, row.product_count) for row in rows), parents)
    return [row._replace(product_count=totals[row.id]) for row in rows]


def totals_with_below(counts: Iterable[tuple[int, int]], parents: Mapping[int, int | None]) -> Counter[int]:
    """Add the count of each category to those of all above it.

    :param counts: of categories without those below them.
    :param parents: of the visible categories, by id.
    """
    totals: Counter[int] = Counter()
    for category_id, count in counts:
        totals.update(dict.fromkeys(path_of(category_id, parents), count))
    return totals


def path_of(category_id: int | None, parents: Mapping[int, int | None]) -> list[int]:
    """List a visible category and all above it; these stand in a tree, so there is an end."""
    path = []
    while category_id is not None and category_id in parents:
        path.append(category_id)
        category_id = parents[category_id]
    return path
