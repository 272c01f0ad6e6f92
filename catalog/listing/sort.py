"""Orderings of the product list as SQL: ORDER BY, the cursor's condition, and the next products along an index."""

from dataclasses import dataclass
from typing import Any

from catalog.listing.query import ProductQuery
from catalog.listing.rows import NAME
from shop.api.pagination import Cursor, Ordering

KEYS = {"id": "id", "price": "price", "name_key": NAME}

# Read along an index: of all categories, or of each requested one, and then the first of all these.
NEXT_OF_ALL = """(
    SELECT * FROM catalog_product WHERE is_active AND {condition} ORDER BY {order} OFFSET {skipped} LIMIT {limit}
) AS product"""
NEXT_OF_CATEGORIES = """(
    SELECT * FROM catalog_product WHERE id = ANY (ARRAY (
        SELECT next.id FROM ({category_ids}) AS category (id) CROSS JOIN LATERAL (
            SELECT {keys}, id FROM catalog_product WHERE is_active AND {condition}
            ORDER BY {order} LIMIT {skipped} + {limit}
        ) AS next
        ORDER BY {order_of_keys} OFFSET {skipped} LIMIT {limit}
    ))
) AS product"""


@dataclass(frozen=True)
class Sort:
    """An ordering of products from a cursor on, in SQL."""

    ordering: Ordering
    key: tuple[Any, ...] | None = None  # of the cursor; None: from the beginning, or the end if `back`
    back: bool = False

    @classmethod
    def after(cls, cursor: Cursor | None, ordering: Ordering) -> "Sort":
        """Return the ordering from a cursor on."""
        return cls(ordering, cursor.key, cursor.back) if cursor else cls(ordering)

    @property
    def descending(self) -> bool:
        """Tell whether rows are read in descending order."""
        return self.ordering.descending != self.back

    @property
    def order(self) -> str:
        """Return the terms of ORDER BY."""
        return self._order_by(self._columns)

    @property
    def order_in_category(self) -> str:
        """Return the terms of ORDER BY for the products of one category: those of the index that begins with it."""
        return f"category_id {'DESC' if self.descending else 'ASC'}, {self.order}"

    @property
    def condition(self) -> str:
        """Return the condition that a row is beyond the cursor.

        A row comparison such as (price, id) > (5, 7) is one range of the index; `price > 5 OR …` is not.
        """
        if self.key is None:
            return "true"
        return f"({', '.join(self._columns)}) {self._operator} ({', '.join(self._values)})"

    @property
    def condition_in_category(self) -> str:
        """Return the same condition for the products of one category, `category.id`.

        Not `category_id = …`: PostgreSQL knows only the average size of a category. For a small one it would scan the
        index of all products, past those of other categories.
        """
        if self.key is None:
            return "category_id BETWEEN category.id AND category.id"
        columns, values = ["category_id", *self._columns], ["category.id", *self._values]
        return (
            f"({', '.join(columns)}) {self._operator} ({', '.join(values)}) "
            f"AND category_id {'>=' if self.descending else '<='} category.id"
        )

    @property
    def _operator(self) -> str:
        return ("<" if self.descending else ">") + ("=" if self.back else "")

    @property
    def _values(self) -> list[str]:
        return [f"%({name})s" for name in self.parameters]

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the parameters of the condition."""
        return {f"key{number}": value for number, value in enumerate(self.key or ())}

    @property
    def _columns(self) -> list[str]:
        return [KEYS[name] for name, _ in self.ordering.key]

    def _order_by(self, columns: list[str]) -> str:
        direction = "DESC" if self.descending else "ASC"
        return ", ".join(f"{column} {direction}" for column in columns)

    def next_products(
        self, query: ProductQuery, limit: str, *, skipped: str = "0", category_ids: str | None = None
    ) -> str:
        """Return a FROM item with the next products of the query's categories, before its filters are applied.

        :param category_ids: the SELECT of other categories.
        """
        in_all = query.category_id is None and category_ids is None
        aliases = {f"value_{number}": column for number, column in enumerate(self._columns)}
        return (NEXT_OF_ALL if in_all else NEXT_OF_CATEGORIES).format(
            category_ids=category_ids or query.category_ids,
            condition=self.condition if in_all else self.condition_in_category,
            order=self.order if in_all else self.order_in_category,
            keys=", ".join(f"{column} AS {alias}" for alias, column in aliases.items()),
            order_of_keys=self._order_by([*aliases]),
            limit=limit,
            skipped=skipped,
        )
