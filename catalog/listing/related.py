"""Products related to one: those of its category that are in stock and cost about the same."""

from django.db import router

from catalog.listing.query import IN_CATEGORIES
from catalog.listing.rows import ProductRow, columns, fetch_products
from catalog.models import VISIBLE_IDS, Product
from shop.postgres.rows import fetch_rows

RELATED = 8
# How far to look from the product in each direction: a category may have thousands that are sold out.
NEAR = 200
ONE = f"""
SELECT id, category_id, price FROM catalog_product
WHERE {{key}} = %(key)s AND is_active AND {IN_CATEGORIES.format(category_ids=VISIBLE_IDS)}
"""  # noqa: S608 - constants
# Read from the product's place in the index of its category and price; `category_id = …` could choose another index.
NEXT = f"""
SELECT id, price FROM (
    SELECT id, price, is_available FROM catalog_product
    WHERE is_active AND (category_id, price, id) {{beyond}} (%(category_id)s, %(price)s, %(id)s)
        AND category_id {{within}} %(category_id)s
    ORDER BY category_id {{order}}, price {{order}}, id {{order}} LIMIT {NEAR}
) AS next WHERE is_available ORDER BY price {{order}}, id {{order}} LIMIT {RELATED}
"""  # noqa: S608 - constants
FIND = f"""
SELECT {columns()} FROM catalog_product WHERE id = ANY (ARRAY (
    SELECT id FROM (
        ({NEXT.format(beyond=">", within="<=", order="ASC")}) UNION ALL
        ({NEXT.format(beyond="<", within=">=", order="DESC")})
    ) AS near ORDER BY abs(price - %(price)s), id LIMIT {RELATED}
)) ORDER BY abs(price - %(price)s), id
"""  # noqa: S608 - constants


def fetch_related(key: int | str) -> list[ProductRow] | None:
    """Return the products related to one on sale, the nearest price first; None if there is none.

    :param key: the id or the slug of the product.
    """
    statement = ONE.format(key="id" if isinstance(key, int) else "slug")
    for pk, category_id, price in fetch_rows(statement, {"key": key}, using=router.db_for_read(Product)):
        return fetch_products(FIND, {"id": pk, "category_id": category_id, "price": price})
    return None
