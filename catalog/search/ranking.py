"""What a search finds, best first, in one to three SQL statements.

There are four parts, each newest first: the product with that SKU; whole words in the name; beginnings of words there;
all others. `ts_rank` would have to see all products that match before the first can be shown.

A word that many products have is found soon among the products next to the cursor, and one that few have soon in the
index of words. PostgreSQL would choose one of the ways by a guess, and for a word that its statistics do not list that
may be to walk past all products. So the first statement looks at the products nearby, and a second one takes the index,
for the parts that do not fill the page with them. After a cursor there is a third if its part ends on the page.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from catalog.listing.query import ProductQuery
from catalog.listing.rows import ProductRow, columns, fetch_products
from catalog.search.tsquery import NAME, WHOLE, WHOLE_OR_BEGUN, Search
from shop.api.pagination import MAX_ID, Cursor

SKU, WHOLE_NAME, BEGUN_NAME, ANYWHERE = PARTS = range(4)
NEAR, MAX_NEAR = 50, 2000  # ids to look at, for each row that is wanted and in all

HAS_SKU = "upper(sku) = upper(%(sku)s)"
CONDITIONS = {
    SKU: HAS_SKU,
    WHOLE_NAME: f"{NAME} @@ {WHOLE} AND NOT {HAS_SKU}",
    BEGUN_NAME: f"{NAME} @@ {WHOLE_OR_BEGUN} AND NOT {NAME} @@ {WHOLE} AND NOT {HAS_SKU}",
    ANYWHERE: f"search @@ {WHOLE_OR_BEGUN} AND NOT {NAME} @@ {WHOLE_OR_BEGUN} AND NOT {HAS_SKU}",
}
PART_OF_NEARBY = f"""CASE WHEN {NAME} @@ {WHOLE} THEN {WHOLE_NAME} WHEN {NAME} @@ {WHOLE_OR_BEGUN} THEN {BEGUN_NAME}
    ELSE {ANYWHERE} END"""

NEARBY = """
(SELECT {columns} FROM (
    SELECT *, {part} AS part FROM catalog_product
    WHERE {on_sale} AND {place} AND search @@ {words} AND NOT {has_sku}
) AS nearby WHERE part IN ({parts}) ORDER BY {order} LIMIT %(limit)s)
"""
# The sum is in no index, so there is nothing to walk along.
INDEXED = """
(SELECT {columns} FROM catalog_product WHERE {on_sale} AND {place} AND {condition}
ORDER BY id + 0 {direction} LIMIT %(limit)s)
"""


def fetch_ranked(
    query: ProductQuery, cursor: Cursor | None, limit: int, parts: Sequence[int] = PARTS
) -> list[ProductRow]:
    """Return the first products that a search finds, after the cursor, or before it, if it points back."""
    search = Search(query.search)
    return _Ranking(query, search, cursor, limit).fetch(parts) if search.words else []


class _Ranking:
    def __init__(self, query: ProductQuery, search: Search, cursor: Cursor | None, limit: int) -> None:
        self._on_sale = query.on_sale
        self._cursor = cursor
        self._back = cursor is not None and cursor.back
        self._limit = limit
        distance = min(NEAR * limit, MAX_NEAR)
        self._parameters: dict[str, Any] = query.parameters | search.parameters | {"limit": limit, "near": distance}
        if cursor:
            (start,) = cursor.key
            end = min(start + distance, MAX_ID) if cursor.back else start - distance
            self._parameters |= {"start": start, "end": end}

    def fetch(self, parts: Sequence[int]) -> list[ProductRow]:
        """Return the first products, in the order of the parts, or against it."""
        here = [part for part in parts if self._cursor and part == self._cursor.part]
        further = [part for part in parts if not self._cursor or self._rank(part) > self._rank(self._cursor.part)]
        found: list[ProductRow] = []
        missing: list[int] = []
        for group in filter(None, (here, further)):
            branches = [self._indexed(part) for part in missing]
            if SKU in group:
                branches.append(self._indexed(SKU))
            if worded := [part for part in group if part != SKU]:
                branches.append(self._nearby(worded))
            found = self._first([*found, *self._run(branches)])
            missing = [part for part in worded if not self._is_full(found, part)]
            if len(found) == self._limit and not missing:
                break
        if missing:
            found = self._first([*found, *self._run([self._indexed(part) for part in missing])])
        return found

    def _is_full(self, found: Sequence[ProductRow], part: int) -> bool:
        """Tell whether the page is full with that part and those before it."""
        return sum(self._rank(row.part) <= self._rank(part) for row in found) >= self._limit

    def _rank(self, part: int) -> int:
        return -part if self._back else part

    def _first(self, rows: Iterable[ProductRow]) -> list[ProductRow]:
        sign = 1 if self._back else -1
        return sorted(rows, key=lambda row: (self._rank(row.part), sign * row.id))[: self._limit]

    def _run(self, branches: Iterable[str]) -> list[ProductRow]:
        return self._first(fetch_products(" UNION ALL ".join(branches), self._parameters, plan_for_values=True))

    def _nearby(self, parts: Sequence[int]) -> str:
        """Select parts of a list, at once, among the ids next to the place where they begin."""
        return NEARBY.format(
            columns=columns(part="part"),
            part=PART_OF_NEARBY,
            on_sale=self._on_sale,
            place=f"{self._after(parts[0])} AND id {'<=' if self._back else '>='} {self._end(parts[0])}",
            words=WHOLE_OR_BEGUN,
            has_sku=HAS_SKU,
            parts=", ".join(map(str, parts)),
            order="part DESC, id" if self._back else "part, id DESC",
        )

    def _indexed(self, part: int) -> str:
        """Select one part of a list, but for the nearby ids."""
        place = self._after(part) if part == SKU else f"id {'>' if self._back else '<'} {self._end(part)}"
        return INDEXED.format(
            columns=columns(part=str(part)),
            on_sale=self._on_sale,
            place=place,
            condition=CONDITIONS[part],
            direction="ASC" if self._back else "DESC",
        )

    def _after(self, part: int) -> str:
        if not self._cursor or part != self._cursor.part:
            return "true"
        return "id >= %(start)s" if self._back else "id < %(start)s"

    def _end(self, part: int) -> str:
        """Return the id at the end of those nearby."""
        if self._cursor and part == self._cursor.part:
            return "%(end)s"
        edge = "min(id) + %(near)s" if self._back else "max(id) - %(near)s"
        return f"(SELECT {edge} FROM catalog_product)"  # noqa: S608 - constants
