"""Pages of a search in one to three SQL statements: by relevance, or in another ordering.

By relevance there are four parts, each newest first: the product with that SKU; whole words in the name; prefixes of
words in the name; all others. `ts_rank` would have to read every match before the first one can be shown.

A common word is found quickly among the next products of the ordering, a rare one in the index of words. PostgreSQL
would choose between the two by its statistics, and for a word that these do not list it may scan all products. So the
first statement reads the next products, and a second one the index, for the parts that do not fill the page. After a
cursor there is a third statement if the cursor's part ends on the page.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from catalog.listing.query import RELEVANCE, ProductQuery
from catalog.listing.rows import NAME as NAME_KEY
from catalog.listing.rows import ProductRow, columns, fetch_products
from catalog.listing.sort import Sort
from catalog.search.tsquery import NAME, WHOLE, WHOLE_OR_BEGUN, Search
from shop.api.pagination import NEWEST, Cursor

SKU, WHOLE_NAME, BEGUN_NAME, ANYWHERE = PARTS = range(4)
NEAR, MAX_NEAR = 50, 2000  # products to read, for each requested row and in all

HAS_SKU = "upper(sku) = upper(%(sku)s)"
# In a subquery, so that the planner does not know the words: it estimates a word that is not in its statistics as
# common, and would scan all products.
HIDDEN_WHOLE, HIDDEN_WHOLE_OR_BEGUN = f"(SELECT {WHOLE})", f"(SELECT {WHOLE_OR_BEGUN})"
MATCHES = f"search @@ {HIDDEN_WHOLE_OR_BEGUN}"
# Parts of a list by relevance: the condition of each, and the part of a matching product.
RANKED = {
    SKU: HAS_SKU,
    WHOLE_NAME: f"{NAME} @@ {HIDDEN_WHOLE} AND NOT {HAS_SKU}",
    BEGUN_NAME: f"{NAME} @@ {HIDDEN_WHOLE_OR_BEGUN} AND NOT {NAME} @@ {WHOLE} AND NOT {HAS_SKU}",
    ANYWHERE: f"{MATCHES} AND NOT {NAME} @@ {WHOLE_OR_BEGUN} AND NOT {HAS_SKU}",
}
RANK = f"""CASE WHEN {HAS_SKU} THEN {SKU} WHEN {NAME} @@ {WHOLE} THEN {WHOLE_NAME}
    WHEN {NAME} @@ {WHOLE_OR_BEGUN} THEN {BEGUN_NAME} ELSE {ANYWHERE} END"""

NEARBY = """
(SELECT {columns} FROM (
    SELECT product.*, {rank} AS part FROM {nearby} WHERE {on_sale} AND search @@ {words}
) AS found WHERE part IN ({parts}) ORDER BY {order} LIMIT %(limit)s)
"""
# Whether there are more products than those read nearby: if not, the index is not needed.
MORE = "{name} AS MATERIALIZED (SELECT EXISTS (SELECT FROM {further}) AS is_so)"
# OFFSET 0 is a fence: products are found before they are sorted.
INDEXED = """
(SELECT {columns} FROM (
    SELECT * FROM catalog_product WHERE {on_sale} AND {after} AND {condition} AND {is_needed} OFFSET 0
) AS found ORDER BY {order} LIMIT %(limit)s)
"""


def fetch_found(
    query: ProductQuery, cursor: Cursor | None, limit: int, parts: Sequence[int] = PARTS
) -> list[ProductRow]:
    """Return the next products of a search after the cursor, or before it if it points back.

    :param parts: of a list by relevance.
    """
    search = Search(query.search)
    if not search.words:
        return []
    parameters = query.parameters | search.parameters | {"limit": limit, "near": min(NEAR * limit, MAX_NEAR)}
    return _Found(query, parameters, cursor, limit).fetch(parts if query.ordering == RELEVANCE else [0])


class _Found:
    """The products of a search in the ordering of its query, from a cursor on."""

    def __init__(self, query: ProductQuery, parameters: dict[str, Any], cursor: Cursor | None, limit: int) -> None:
        self._query = query
        self._cursor = cursor
        self._limit = limit
        self._is_ranked = query.ordering == RELEVANCE
        self._ordering = NEWEST if self._is_ranked else query.ordering
        self._back = cursor is not None and cursor.back
        self._here = Sort.after(cursor, self._ordering)
        self._further = Sort(self._ordering, back=self._back)
        self._parameters = parameters | self._here.parameters

    def fetch(self, parts: Sequence[int]) -> list[ProductRow]:
        """Return the first products."""
        here = [part for part in parts if self._cursor and part == self._cursor.part]
        further = [part for part in parts if not self._cursor or self._rank(part) > self._rank(self._cursor.part)]
        found: list[ProductRow] = []
        missing: list[int] = []
        for group in filter(None, (here, further)):
            branches = [self._indexed(part) for part in missing]
            if self._is_ranked and SKU in group:
                branches.append(self._indexed(SKU))
            if worded := [part for part in group if not self._is_ranked or part != SKU]:
                branches.append(self._nearby(worded))
            found = self._run(branches, found)
            missing = [part for part in worded if not self._is_full(found, part)]
            if len(found) == self._limit and not missing:
                break
        return self._run([self._indexed(part) for part in missing], found) if missing else found

    def _rank(self, part: int) -> int:
        return -part if self._back else part

    def _is_full(self, found: Sequence[ProductRow], part: int) -> bool:
        """Tell whether that part and those before it fill the page."""
        return sum(self._rank(row.part) <= self._rank(part) for row in found) >= self._limit

    def _run(self, branches: Iterable[str], found: Iterable[ProductRow]) -> list[ProductRow]:
        """Read more products; return the first ones of all found so far."""
        more = ", ".join(
            MORE.format(name=name, further=sort.next_products(self._query, "1", skipped="%(near)s"))
            for name, sort in (("more_here", self._here), ("more_further", self._further))
        )
        statement = f"WITH {more} {' UNION ALL '.join(branches)}"
        rows = fetch_products(statement, self._parameters, plan_for_values=True)
        both = list({row.id: row for row in (*found, *rows)}.values())
        both.sort(key=self._key, reverse=self._ordering.descending != self._back)
        both.sort(key=lambda row: self._rank(row.part))
        return both[: self._limit]

    def _key(self, row: ProductRow) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name, _ in self._ordering.key)

    def _nearby(self, parts: Sequence[int]) -> str:
        """Return the SELECT of some parts from the next products."""
        sort = self._sort(parts[0])
        return NEARBY.format(
            columns=self._columns("part"),
            rank=RANK if self._is_ranked else "0",
            nearby=sort.next_products(self._query, "%(near)s"),
            on_sale=self._query.on_sale,
            words=WHOLE_OR_BEGUN,
            parts=", ".join(map(str, parts)),
            order=f"part {'DESC' if self._back else 'ASC'}, {sort.order}",
        )

    def _indexed(self, part: int) -> str:
        """Return the SELECT of one part from the index of words."""
        sort = self._sort(part)
        more = "more_here" if sort is self._here else "more_further"
        return INDEXED.format(
            columns=self._columns(str(part)),
            on_sale=self._query.on_sale,
            after=sort.condition,
            condition=RANKED[part] if self._is_ranked else MATCHES,
            is_needed="true" if self._is_ranked and part == SKU else f"(TABLE {more})",
            order=sort.order,
        )

    def _columns(self, part: str) -> str:
        return columns(part=part, name_key=NAME_KEY if self._ordering.name == "name" else "NULL")

    def _sort(self, part: int) -> Sort:
        """Return where to start a part: at the cursor, or at its first product."""
        return self._here if self._cursor and part == self._cursor.part else self._further
