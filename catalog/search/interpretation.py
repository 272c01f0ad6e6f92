"""Interpretation of a search: the text as it is if it finds anything, else corrected.

A text that finds nothing is taken as typed on the wrong keyboard layout, or with a typo, and corrected to words that do
find something.
"""

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
# Like the ranking it looks at the newest products first, and then takes the index. There the words are hidden in a
# subquery: knowing how common they are, or asked for one row only, PostgreSQL would walk past all products in the hope
# to meet them.
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
# What the correction of one search may cost. A look into the index takes 1 ms at 100,000 products, one through the
# vocabulary up to 26 ms at 50,000 words; a word with a typo takes some 6 units, so about four are corrected.
WORK = 24
LOOK_INTO_INDEX = 1
LOOK_THROUGH_VOCABULARY = 2

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~{}:\"<>"
_CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмитьбюёхъжэбю"
TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
TO_LATIN = str.maketrans("е" + _CYRILLIC[1:33], "t" + _LATIN[1:33])


def interpret(text: str, *, finds_nothing: bool = False) -> str:
    """Return the text to look for: as it is if it finds anything on sale, else corrected.

    A text stays as it is, and finds nothing, if its words are there but not in one product, if nothing on sale has
    words like them, and if its correction would cost more than WORK.

    :param finds_nothing: whether it is known that the text finds nothing on sale.
    """
    search = Search(text)
    if not search.words or (not finds_nothing and finds(search)):
        return text
    try:
        return _Correction().of(text) or text
    except _TooMuchWork:
        return text


def finds(search: Search) -> bool:
    """Tell whether anything on sale has these words."""
    parameters = {**search.parameters, "near": NEAR}
    ((found,),) = fetch_rows(
        FINDS.format(visible_ids=VISIBLE_IDS, on_sale=ON_SALE, tsquery=search.tsquery),
        parameters,
        using=router.db_for_read(Product),
        plan_for_values=True,
    )
    return bool(found)


class _TooMuchWork(Exception):
    """A search costs more to correct than it may."""


class _Correction:
    """The correction of one search, with a bound on its work."""

    def __init__(self) -> None:
        self._left = WORK

    def of(self, text: str) -> str | None:
        """Return the corrected text, None if a word is like nothing that is sold.

        :raises _TooMuchWork: if the bound is reached first.
        """
        chunks = fold(text).split()[:MAX_WORDS]
        if len(chunks) > 1:
            # Mostly all words were typed on the wrong layout, and one look tells.
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
        """List words of the catalog that differ from this one by a slip or two, likeliest first."""
        word = "".join(re.findall(r"[^\W_]+", chunk))
        # Of numbers, another one is another thing.
        if not 3 <= len(word) <= LONGEST or not word.isalpha():
            return []
        self._spend(LOOK_THROUGH_VOCABULARY)
        found = self._vocabulary.closest(word)
        if not found and is_open:
            self._spend(LOOK_THROUGH_VOCABULARY)
            found = self._vocabulary.closest_beginning(word)
        return found

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return current_vocabulary()

    def _finds(self, search: Search) -> bool:
        self._spend(LOOK_INTO_INDEX)
        return finds(search)

    def _spend(self, units: int) -> None:
        self._left -= units
        if self._left < 0:
            raise _TooMuchWork


def _other_layouts(text: str) -> list[str]:
    """Return what the same keys write on the other keyboard layouts."""
    written = dict.fromkeys((fold(text.translate(TO_CYRILLIC)), text.translate(TO_LATIN)))
    return [layout for layout in written if layout != text]
