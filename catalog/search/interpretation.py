"""Correction of a search that finds nothing: wrong keyboard layout and typos."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from django.db import router

from catalog.listing.query import IN_CATEGORIES
from catalog.models import VISIBLE_IDS, Product
from catalog.search.tsquery import MAX_WORDS, Search, fold
from catalog.search.vocabulary import LONGEST, Vocabulary, current_vocabulary
from shop.postgres.rows import fetch_rows

NEAR = 50  # products
ON_SALE = IN_CATEGORIES.format(category_ids="TABLE category")
# Like the ranking: the newest products first, then the index of words. There the words are hidden in a subquery, and
# LIMIT is 1000: for a word that it estimates as common, or for one row only, PostgreSQL would scan all products.
FINDS = """
WITH category AS MATERIALIZED ({visible_ids})
SELECT coalesce((
    SELECT true FROM (SELECT * FROM catalog_product WHERE is_active ORDER BY id DESC LIMIT %(near)s) AS product
    WHERE {on_sale} AND search @@ {tsquery} LIMIT 1
), (
    SELECT count(*) > 0 FROM (
        SELECT FROM catalog_product WHERE is_active AND {on_sale} AND search @@ (SELECT {tsquery}) LIMIT 1000
    ) AS found
))
"""
# Work limit of the correction of one search. A lookup in the index takes 1 ms at 100,000 products, a scan of the
# vocabulary up to 26 ms at 50,000 words; a word with a typo takes some 6 units, so about four are corrected.
WORK = 24
INDEX_LOOKUP = 1
VOCABULARY_SCAN = 2

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~{}:\"<>"
_CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмитьбюёхъжэбю"
TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
TO_LATIN = str.maketrans("е" + _CYRILLIC[1:33], "t" + _LATIN[1:33])


def interpret(text: str, *, finds_nothing: bool = False) -> str:
    """Return the corrected text of a search, or the text itself if it finds anything on sale.

    It is not corrected either if its words exist, but not in one product, if no product on sale has similar words, or
    if the correction exceeds WORK.

    :param finds_nothing: the caller knows that the text finds nothing on sale.
    """
    search = Search(text)
    if not search.words or (not finds_nothing and finds(search)):
        return text
    try:
        return _Correction().of(text) or text
    except _TooMuchWork:
        return text


def finds(search: Search) -> bool:
    """Tell whether a product on sale has these words."""
    parameters = {**search.parameters, "near": NEAR}
    ((found,),) = fetch_rows(
        FINDS.format(visible_ids=VISIBLE_IDS, on_sale=ON_SALE, tsquery=search.tsquery),
        parameters,
        using=router.db_for_read(Product),
        plan_for_values=True,
    )
    return bool(found)


class _TooMuchWork(Exception):
    """The correction of a search exceeds WORK."""


class _Correction:
    """Correction of one search, within the limit WORK."""

    def __init__(self) -> None:
        self._left = WORK

    def of(self, text: str) -> str | None:
        """Return the corrected text, None if a word resembles no word of the catalog.

        :raises _TooMuchWork: if the limit is reached first.
        """
        chunks = fold(text).split()[:MAX_WORDS]
        if len(chunks) > 1:
            # Usually all words were typed on the wrong layout: one lookup tells.
            for layout in _other_layouts(text):
                if self._finds(Search(layout)):
                    return layout
        corrected = []
        for number, chunk in enumerate(chunks, 1):
            word = self._word(chunk, is_open=number == len(chunks))
            if word is None:
                return None
            corrected.append(word)
        return " ".join(corrected)

    def _word(self, chunk: str, *, is_open: bool) -> str | None:
        """Return the first reading of a part of the text that finds something; None if there is none."""
        return next((word for word in self._readings(chunk, is_open) if self._finds(Search(word, is_open))), None)

    def _readings(self, chunk: str, is_open: bool) -> Iterator[str]:
        layouts = [chunk, *_other_layouts(chunk)]
        yield from layouts
        for layout in layouts:
            yield from self._alike(layout, is_open)

    def _alike(self, chunk: str, is_open: bool) -> Iterable[str]:
        """List the words of the catalog within one or two typos, likeliest first."""
        word = "".join(re.findall(r"[^\W_]+", chunk))
        # A similar number is a different product.
        if not 3 <= len(word) <= LONGEST or not word.isalpha():
            return []
        self._spend(VOCABULARY_SCAN)
        found = self._vocabulary.closest(word)
        if not found and is_open:
            self._spend(VOCABULARY_SCAN)
            found = self._vocabulary.closest_beginning(word)
        return found

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return current_vocabulary()

    def _finds(self, search: Search) -> bool:
        self._spend(INDEX_LOOKUP)
        return finds(search)

    def _spend(self, units: int) -> None:
        self._left -= units
        if self._left < 0:
            raise _TooMuchWork


def _other_layouts(text: str) -> list[str]:
    """Return the text of the same keys on the other keyboard layouts."""
    written = dict.fromkeys((fold(text.translate(TO_CYRILLIC)), text.translate(TO_LATIN)))
    return [layout for layout in written if layout != text]
