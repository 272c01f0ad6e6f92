"""Pages of the product list, each with one SQL statement that reads an index from the cursor on."""

from dataclasses import dataclass, replace
from typing import Any

from catalog.listing.query import RELEVANCE, ProductQuery
from catalog.listing.rows import NAME, ProductRow, columns, fetch_products
from catalog.models import VISIBLE_IDS
from catalog.search.interpretation import interpret
from catalog.search.ranking import fetch_ranked
from catalog.search.tsquery import Search
from shop.api.pagination import Cursor, Ordering

KEYS = {"id": "id", "price": "price", "name_key": NAME}

ONE = f"""
SELECT {columns()} FROM catalog_product
WHERE id = %(id)s AND is_active AND category_id = ANY (ARRAY ({VISIBLE_IDS}))
"""  # noqa: S608 - constants
ALL = """
SELECT {columns} FROM catalog_product
WHERE category_id + 0 = ANY (ARRAY ({category_ids})) AND {conditions}
ORDER BY {order} LIMIT %(limit)s
"""
# From each category the first products are taken, along an index, and of these the first. A plain query would have to
# sort all products of a large category, or to walk past all those of others.
OF_CATEGORIES = """
SELECT {columns} FROM catalog_product WHERE id = ANY (ARRAY (
    SELECT first.id FROM ({category_ids}) AS category (id) CROSS JOIN LATERAL (
        SELECT id FROM catalog_product
        WHERE category_id = category.id AND {conditions}
        ORDER BY {order} LIMIT %(limit)s
    ) AS first
)) ORDER BY {order} LIMIT %(limit)s
"""


def fetch_product(product_id: int) -> ProductRow | None:
    """Return a product on sale; None if there is none of this id."""
    return next(iter(fetch_products(ONE, {"id": product_id})), None)


def fetch_page(query: ProductQuery, cursor: Cursor | None, limit: int) -> tuple[ProductQuery, list[ProductRow]]:
    """Return the first products after the cursor, or before it, if it points back.

    :returns: the query, its search corrected if nothing else was found, and the products.
    """
    products = _fetch(query, cursor, limit)
    if query.search and not products and not cursor:
        understood = replace(query, search=interpret(query.search, finds_nothing=not query.is_narrowed))
        if understood != query:
            return understood, _fetch(understood, cursor, limit)
    return query, products


def _fetch(query: ProductQuery, cursor: Cursor | None, limit: int) -> list[ProductRow]:
    if query.ordering == RELEVANCE:
        return fetch_ranked(query, cursor, limit)
    sort = Sort(query.ordering, cursor)
    conditions = f"{query.conditions} AND {sort.condition}"
    parameters = query.parameters | sort.parameters | {"limit": limit}
    if query.search:
        search = Search(query.search)
        if not search.words:
            return []
        conditions = f"{conditions} AND search @@ {search.tsquery}"
        parameters |= search.parameters
    statement = ALL if query.category_id is None or query.search else OF_CATEGORIES
    return fetch_products(
        statement.format(
            columns=columns(name_key=NAME) if query.ordering.name == "name" else columns(),
            category_ids=query.category_ids,
            conditions=conditions,
            order=sort.order,
        ),
        parameters,
        plan_for_values=bool(query.filters or query.search),
    )


@dataclass(frozen=True)
class Sort:
    """An ordering from a cursor on, in SQL."""

    ordering: Ordering
    cursor: Cursor | None

    @property
    def _columns(self) -> list[str]:
        return [KEYS[name] for name, _ in self.ordering.key]

    @property
    def _descending(self) -> bool:
        return self.ordering.descending != bool(self.cursor and self.cursor.back)

    @property
    def order(self) -> str:
        """Return the terms of ORDER BY."""
        direction = "DESC" if self._descending else "ASC"
        return ", ".join(f"{column} {direction}" for column in self._columns)

    @property
    def condition(self) -> str:
        """Return the condition that a row is beyond the cursor.

        Rows are compared, (price, id) > (5, 7): that is one range of the index, which `price > 5 OR …` is not.
        """
        if self.cursor is None:
            return "true"
        operator = ("<" if self._descending else ">") + ("=" if self.cursor.back else "")
        values = ", ".join(f"%(key{number})s" for number in range(len(self.ordering.key)))
        return f"({', '.join(self._columns)}) {operator} ({values})"

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the parameters of the condition."""
        return {f"key{number}": value for number, value in enumerate(self.cursor.key)} if self.cursor else {}
