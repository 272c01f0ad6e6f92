"""Pages of a search in two or three SQL statements: by relevance, or in another ordering.

By relevance there are eight parts, each newest first: the product with that SKU; products of a category that has a
word of the search in its name, with a word in their own names; names that begin with a word of the search; products of
the categories that have all words in their names; all words in the name; the same with the last word as a prefix, in
the name and in the category's; all others. `ts_rank` would have to read every match before the first one can be shown.
If no product has all words, two further parts have the products that lack one word, or two.

The first statement looks up the terms (catalog.search.terms). A common word is found quickly among the next products of
the ordering, or of the categories named like it, a rare one in the index of words. PostgreSQL would choose between the
two by its statistics, and for a word that these do not list it may scan all products. So the second statement reads the
next products, and a third one the index, for the parts that do not fill the page.
"""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from catalog.listing.query import RELEVANCE, ProductQuery
from catalog.listing.rows import NAME as NAME_KEY
from catalog.listing.rows import ProductRow, columns, fetch_products
from catalog.listing.sort import Sort
from catalog.search.interpretation import FINDS, finding
from catalog.search.tsquery import NAME, Search
from shop.api.pagination import NEWEST, Cursor

PARTS = range(10)
SKU, NAMED, HEADED, SHELVED, WHOLE_NAME, BEGUN_NAME, BEGUN_SHELVED, ANYWHERE, WITHOUT_ONE, WITHOUT_TWO = PARTS
WITH_ALL, WITH_MOST = PARTS[:WITHOUT_ONE], PARTS[WITHOUT_ONE:]
IN_NAME = PARTS[:ANYWHERE]
# In another ordering there are two parts, of which a search has only one: products with all words, or with most.
UNRANKED = (ALL, MOST) = range(2)
NEAR, MAX_NEAR = 50, 2000  # products to read, for each requested row and in all
NEAR_IN_CATEGORIES, MAX_NEAR_IN_CATEGORIES = 10, 300  # the same in the categories of the search,
MAX_CATEGORIES = 20  # if they are not more

# Of any of its variants. PostgreSQL looks the array up once, not for each product.
HAS_SKU = "id = ANY (ARRAY (SELECT product_id FROM catalog_variant WHERE is_active AND upper(sku) = upper(%(sku)s)))"
# Parts of a list by relevance: the words of each, in the name or anywhere, without those of the parts before it.
TSQUERIES = {
    NAMED: "%(named)s::tsquery",
    HEADED: "%(headed)s::tsquery && !!%(named)s::tsquery",
    SHELVED: "%(shelved)s::tsquery && !!(%(named)s::tsquery || %(headed)s::tsquery)",
    WHOLE_NAME: "%(whole)s::tsquery && !!(%(named)s::tsquery || %(headed)s::tsquery || %(shelved)s::tsquery)",
    BEGUN_NAME: "%(all)s::tsquery && !!(%(whole)s::tsquery || %(begun_shelved)s::tsquery)",
    BEGUN_SHELVED: "%(begun_shelved)s::tsquery && !!%(whole)s::tsquery",
    # Those of the categories are left out for the index, which does not tell a name from a description.
    ANYWHERE: "%(all)s::tsquery && !!%(begun_shelved)s::tsquery",
    WITHOUT_ONE: "%(missing1)s::tsquery",
    WITHOUT_TWO: "%(missing2)s::tsquery && !!%(missing1)s::tsquery",
}
# In a subquery, so that the planner does not know the words: it estimates a word that is not in its statistics as
# common, and would scan all products.
RANKED = {
    SKU: HAS_SKU,
    **{part: f"{NAME} @@ (SELECT {TSQUERIES[part]}) AND NOT {HAS_SKU}" for part in IN_NAME[NAMED:]},
    ANYWHERE: f"search @@ (SELECT {TSQUERIES[ANYWHERE]}) AND NOT {NAME} @@ %(all)s::tsquery AND NOT {HAS_SKU}",
    **{part: f"search @@ (SELECT {TSQUERIES[part]})" for part in WITH_MOST},
}
MATCHES = "search @@ (SELECT %(match)s::tsquery)"
# Most products have the words in their descriptions only: they are told first, with one of the conditions.
RANK = f"""CASE WHEN {HAS_SKU} THEN {SKU} WHEN NOT {NAME} @@ %(all)s::tsquery THEN {ANYWHERE}
    WHEN {NAME} @@ %(named)s::tsquery THEN {NAMED} WHEN {NAME} @@ %(headed)s::tsquery THEN {HEADED}
    WHEN {NAME} @@ %(shelved)s::tsquery THEN {SHELVED} WHEN {NAME} @@ %(whole)s::tsquery THEN {WHOLE_NAME}
    WHEN {NAME} @@ %(begun_shelved)s::tsquery THEN {BEGUN_SHELVED} ELSE {BEGUN_NAME} END"""
RANK_WITH_MOST = f"CASE WHEN search @@ %(missing1)s::tsquery THEN {WITHOUT_ONE} ELSE {WITHOUT_TWO} END"

NEARBY = """
(SELECT {columns} FROM (
    SELECT product.*, {rank} AS part FROM {nearby} WHERE {on_sale} AND search @@ %(match)s::tsquery
) AS found WHERE part IN ({parts}) ORDER BY {order} LIMIT %(limit)s)
"""
# Of the requested categories, those that have a word of the search in their names.
OF_SEARCH = "SELECT requested.id FROM ({category_ids}) AS requested (id) WHERE requested.id = ANY (%({name})s)"
# Whether there are more products than those read nearby: if not, the index is not needed.
MORE = "{name} AS MATERIALIZED (SELECT EXISTS (SELECT FROM {further}) AS is_so)"
# OFFSET 0 is a fence: products are found before they are sorted.
INDEXED = """
(SELECT {columns} FROM (
    SELECT * FROM catalog_product WHERE {on_sale} AND {after} AND {condition} AND {is_needed} OFFSET 0
) AS found ORDER BY {order} LIMIT %(limit)s)
"""
# A row if products on sale match that do not pass the filters.
ELSEWHERE = "(SELECT {nulls}, 0 WHERE ({finds}))"


class Found(NamedTuple):
    """Products that a search finds."""

    products: list[ProductRow]
    finds_nothing: bool  # also without the filters and the category


def fetch_found(
    query: ProductQuery,
    search: Search,
    cursor: Cursor | None,
    limit: int,
    *,
    parts: Sequence[int] = PARTS,
    has_most: bool = False,
) -> Found:
    """Return the next products of a search after the cursor, or before it if it points back.

    :param parts: of a list by relevance.
    :param has_most: no product has all words: return those that have most of them. A cursor knows it by its part.
    """
    if search.is_empty:
        return Found([], finds_nothing=True)
    is_ranked = query.ordering == RELEVANCE
    if cursor:
        has_most = cursor.part in (WITH_MOST if is_ranked else [MOST])
    if is_ranked:
        sought = [part for part in parts if part in (WITH_MOST if has_most else WITH_ALL)]
    else:
        sought = [MOST if has_most else ALL]
    return _Found(query, search, cursor, limit, has_most=has_most).fetch(sought)


class _Found:
    """The products of a search in the ordering of its query, from a cursor on."""

    def __init__(
        self, query: ProductQuery, search: Search, cursor: Cursor | None, limit: int, *, has_most: bool
    ) -> None:
        self._query = query
        self._cursor = cursor
        self._limit = limit
        self._is_ranked = query.ordering == RELEVANCE
        self._has_most = has_most
        self._ordering = NEWEST if self._is_ranked else query.ordering
        self._back = cursor is not None and cursor.back
        self._here = Sort.after(cursor, self._ordering)
        self._further = Sort(self._ordering, back=self._back)
        # Parts whose products are all in certain categories.
        self._categories: dict[int, Sequence[int]] = {
            NAMED: search.category_ids,
            SHELVED: search.shelf_ids,
            BEGUN_SHELVED: search.begun_shelf_ids,
        }
        self._parameters = {
            **query.parameters,
            **search.parameters,
            **self._here.parameters,
            "match": search.missing(search.most_missing) if has_most else search.all,
            **{f"of_part{part}": category_ids for part, category_ids in self._categories.items()},
            **finding(search.all),
            "limit": limit,
        }

    def fetch(self, parts: Sequence[int]) -> Found:
        """Return the first products."""
        if self._is_ranked:  # those of the categories are empty if no category has the words
            parts = [part for part in parts if part not in self._categories or self._categories[part]]
        here = [part for part in parts if self._cursor and part == self._cursor.part]
        further = [part for part in parts if not self._cursor or self._rank(part) > self._rank(self._cursor.part)]
        groups = list(filter(None, (here, further)))
        if not groups:
            return Found([], finds_nothing=False)
        self._parameters |= {
            "near": min(NEAR * self._limit, MAX_NEAR) // len(groups),
            "near_in_categories": min(NEAR_IN_CATEGORIES * self._limit, MAX_NEAR_IN_CATEGORIES) // len(groups),
        }
        found = self._first(self._run(branch for group in groups for branch in self._quick(group)))
        missing = [part for group in groups for part in self._worded(group) if not self._is_full(found, part)]
        if not missing:
            return Found(found, finds_nothing=False)
        branches = [self._indexed(part) for part in missing]
        if self._query.is_narrowed and not found:
            nulls = ", ".join(["NULL"] * (len(ProductRow._fields) - 1))
            branches.append(ELSEWHERE.format(nulls=nulls, finds=FINDS))
        rows = self._run(branches)
        products = self._first(found, (row for row in rows if row.id is not None))
        return Found(products, finds_nothing=not found and not rows)

    def _worded(self, parts: Sequence[int]) -> list[int]:
        return [part for part in parts if not self._is_ranked or part != SKU]

    def _quick(self, parts: Sequence[int]) -> Iterable[str]:
        """Yield the SELECTs that read a few products only."""
        if self._is_ranked and SKU in parts:
            yield self._indexed(SKU)
        if worded := self._worded(parts):
            yield self._nearby(worded, self._query.on_sale, "%(near)s")
        if self._is_ranked:
            yield from self._in_categories(parts)

    def _in_categories(self, parts: Sequence[int]) -> Iterable[str]:
        """Yield the SELECTs of the parts whose products are all in categories of the search, from these."""
        by_categories: dict[tuple[int, ...], list[int]] = {}
        for part in parts:
            category_ids = self._categories.get(part, ())
            if 0 < len(category_ids) <= MAX_CATEGORIES:
                by_categories.setdefault(tuple(category_ids), []).append(part)
        for some in by_categories.values():
            of_search = OF_SEARCH.format(category_ids=self._query.category_ids, name=f"of_part{some[0]}")
            yield self._nearby(some, self._query.conditions, "%(near_in_categories)s", of_search)

    def _rank(self, part: int) -> int:
        return -part if self._back else part

    def _is_full(self, found: Sequence[ProductRow], part: int) -> bool:
        """Tell whether that part and those before it fill the page."""
        return sum(self._rank(row.part) <= self._rank(part) for row in found) >= self._limit

    def _run(self, branches: Iterable[str]) -> list[ProductRow]:
        more = ", ".join(
            MORE.format(name=name, further=sort.next_products(self._query, "1", skipped="%(near)s"))
            for name, sort in (("more_here", self._here), ("more_further", self._further))
        )
        statement = f"WITH {more} {' UNION ALL '.join(branches)}"
        return fetch_products(statement, self._parameters, plan_for_values=True)

    def _first(self, *found: Iterable[ProductRow]) -> list[ProductRow]:
        """Return the first ones of all products found."""
        rows = list({row.id: row for row in itertools.chain(*found)}.values())
        rows.sort(key=self._key, reverse=self._ordering.descending != self._back)
        rows.sort(key=lambda row: self._rank(row.part))
        return rows[: self._limit]

    def _key(self, row: ProductRow) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name, _ in self._ordering.key)

    def _nearby(self, parts: Sequence[int], conditions: str, near: str, category_ids: str | None = None) -> str:
        """Return the SELECT of some parts from the next products, of all requested categories or of some."""
        sort = self._sort(parts[0])
        rank = RANK_WITH_MOST if self._has_most else RANK
        return NEARBY.format(
            columns=self._columns("part"),
            rank=rank if self._is_ranked else parts[0],
            nearby=sort.next_products(self._query, near, category_ids=category_ids),
            on_sale=conditions,
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
