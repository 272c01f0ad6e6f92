"""Autocompletion: names of products for an incomplete search."""

from catalog.listing.query import RELEVANCE, ProductQuery
from catalog.search.interpretation import interpret
from catalog.search.ranking import BEGUN_NAME, SKU, WHOLE_NAME, fetch_found

SUGGESTIONS = 8


def suggest(text: str) -> list[str]:
    """Return at most 8 names of products on sale that match, best first."""
    names = _names(text)
    # A product may have the words, but not in its name.
    if not names and (understood := interpret(text)) != text:
        names = _names(understood)
    return names


def _names(text: str) -> list[str]:
    # Products may share a name: more than 8 are read, so that 8 names are left.
    found = fetch_found(
        ProductQuery(search=text, ordering=RELEVANCE), None, 4 * SUGGESTIONS, (SKU, WHOLE_NAME, BEGUN_NAME)
    )
    return list(dict.fromkeys(product.name for product in found))[:SUGGESTIONS]
