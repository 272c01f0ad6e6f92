"""Autocompletion: products and categories for an incomplete search."""

from dataclasses import dataclass

from django.db import router

from catalog.listing.query import RELEVANCE, ProductQuery
from catalog.listing.rows import ProductRow
from catalog.models import VISIBLE_IDS, Product
from catalog.search.interpretation import Reading, interpret
from catalog.search.ranking import IN_NAME, WITH_MOST, fetch_found
from catalog.search.tsquery import Search, read_search
from shop.postgres.rows import fetch_rows

SUGGESTIONS = 8
CATEGORIES = 3

# A category that only inherits the words from its ancestors is not listed beside them.
FIND_CATEGORIES = f"""
SELECT id, name FROM catalog_category
WHERE id = ANY (%(category_ids)s) AND search @@ %(any_word)s::tsquery AND id IN ({VISIBLE_IDS})
ORDER BY position, id LIMIT {CATEGORIES}
"""  # noqa: S608 - constants


@dataclass(frozen=True)
class Suggestions:
    """Products and categories that match, best first."""

    products: list[ProductRow]  # at most 8, no two of the same name
    categories: list[tuple[int, str]]  # at most 3: ids and names
    reading: Reading | None


def suggest(text: str) -> Suggestions:
    """Return the products on sale that match in their name or category, and the categories that do."""
    search = read_search(text)
    products, categories = _products(search), _categories(search)
    reading = None
    # A product may have the words, but not in its name.
    if not products and (reading := interpret(search)):
        search = read_search(reading.text)
        products, categories = _products(search, has_most=reading.has_most), _categories(search)
    return Suggestions(products, categories, reading)


def _products(search: Search, *, has_most: bool = False) -> list[ProductRow]:
    # Products may share a name: more than 8 are read, so that 8 names are left.
    query = ProductQuery(search=search.text, ordering=RELEVANCE)
    found = fetch_found(query, search, None, 4 * SUGGESTIONS, parts=[*IN_NAME, *WITH_MOST], has_most=has_most)
    first: dict[str, ProductRow] = {}
    for product in found.products:
        first.setdefault(product.name, product)
    return list(first.values())[:SUGGESTIONS]


def _categories(search: Search) -> list[tuple[int, str]]:
    category_ids = search.begun_shelf_ids
    if not category_ids:
        return []
    parameters = {"category_ids": category_ids, "any_word": search.any_word_or_begun}
    return [(pk, name) for pk, name in fetch_rows(FIND_CATEGORIES, parameters, using=router.db_for_read(Product))]
