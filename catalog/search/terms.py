"""Terms of a search: its words with their synonyms, and the categories that have them in their names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import router

from catalog.models import Product
from shop.postgres.rows import fetch_rows

# Categories that stand for one word, those at the top first: each is a part of the tsquery.
MAX_CATEGORIES = 200

# A prefix is not stemmed: the stem of "чай" is the beginning of "чашка". `catalog_search` is the text search
# configuration of SEARCH_LANGUAGE (migration 0011). The words of a category are also those of its ancestors.
TERMS = """
WITH RECURSIVE category AS (
    SELECT id, search FROM catalog_category WHERE is_active AND parent_id IS NULL
    UNION ALL
    SELECT child.id, category.search || child.search
    FROM catalog_category child JOIN category ON child.parent_id = category.id
    WHERE child.is_active
)
SELECT sent.word, sent.is_open, term.whole::text, term.begun::text,
    ARRAY (SELECT id FROM category WHERE search @@ term.whole LIMIT %(most)s),
    ARRAY (SELECT id FROM category WHERE search @@ term.begun LIMIT %(most)s)
FROM unnest(%(words)s::text[], %(are_open)s::boolean[]) AS sent (word, is_open)
CROSS JOIN LATERAL plainto_tsquery('catalog_search', sent.word) AS stem
CROSS JOIN LATERAL (
    SELECT string_agg(quote_literal(lexeme), ' | ')::tsquery AS tsquery
    FROM catalog_synonym, unnest(tsvector_to_array(search)) AS lexeme WHERE search @@ stem
) AS synonyms
CROSS JOIN LATERAL (
    SELECT coalesce(stem || synonyms.tsquery, stem) AS whole,
        CASE WHEN sent.is_open THEN to_tsquery('simple', sent.word || ':*') END AS begun
) AS term
"""


class Word(NamedTuple):
    """A word of a search, normalized; the last one may be incomplete."""

    text: str
    is_open: bool


@dataclass(frozen=True)
class Term:
    """A word of a search as parts of a tsquery; "" where nothing stands for it."""

    whole: str  # the word and its synonyms; "" for a word that is too common to be searched
    begun: str  # the word as a prefix, if it may be incomplete
    categories: tuple[int, ...]
    begun_categories: tuple[int, ...]

    @property
    def named(self) -> str:
        """Return the term: the whole word, or a category of that name."""
        return either(self.whole, *map(in_category, self.categories))

    @property
    def named_or_begun(self) -> str:
        """Return the term, its word possibly incomplete."""
        return either(self.named, self.begun, *map(in_category, self.begun_categories))


def either(*tsqueries: str) -> str:
    """Join tsqueries by "or", without the empty ones."""
    return " | ".join(f"({tsquery})" for tsquery in tsqueries if tsquery)


def both(*tsqueries: str) -> str:
    """Join tsqueries by "and", without the empty ones."""
    return " & ".join(f"({tsquery})" for tsquery in tsqueries if tsquery)


def in_category(category_id: int) -> str:
    """Return the lexeme of the products of a category."""
    return f"'#{category_id}'"


def read_terms(words: Sequence[Word]) -> dict[Word, Term]:
    """Look up the terms of words, with one statement."""
    if not words:
        return {}
    rows = fetch_rows(
        TERMS,
        {
            "words": [word.text for word in words],
            "are_open": [word.is_open for word in words],
            "most": MAX_CATEGORIES,
        },
        using=router.db_for_read(Product),
    )
    return {
        Word(text, is_open): Term(whole, begun or "", tuple(categories), tuple(begun_categories))
        for text, is_open, whole, begun, categories, begun_categories in rows
    }
