"""Interpretation of a search that finds nothing: keyboard layout, transliteration, typos, and most of its words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db import models, router

from catalog.listing.query import IN_CATEGORIES
from catalog.models import VISIBLE_IDS, Product
from catalog.search.keyboards import other_layouts, transliterations
from catalog.search.tsquery import MAX_WORDS, Search, fold, read_searches
from catalog.search.vocabulary import LONGEST, Vocabulary, current_vocabulary
from shop.postgres.rows import fetch_rows

NEAR = 50  # products
ON_SALE = IN_CATEGORIES.format(category_ids="TABLE category")
# Like the ranking: the newest products first, then the index of words. There the words are hidden in a subquery, and
# LIMIT is 1000: for a word that it estimates as common, or for one row only, PostgreSQL would scan all products.
FINDS = f"""
WITH category AS MATERIALIZED ({VISIBLE_IDS})
SELECT coalesce((
    SELECT true FROM (SELECT * FROM catalog_product WHERE is_active ORDER BY id DESC LIMIT %(newest)s) AS product
    WHERE {ON_SALE} AND search @@ %(found)s::tsquery LIMIT 1
), (
    SELECT count(*) > 0 FROM (
        SELECT FROM catalog_product WHERE is_active AND {ON_SALE} AND search @@ (SELECT %(found)s::tsquery) LIMIT 1000
    ) AS found
))
"""  # noqa: S608 - constants
# Work limit of the interpretation of one search. A lookup in the index takes 1 ms at 100,000 products, a scan of the
# vocabulary up to 26 ms at 50,000 words; a word with a typo takes some 6 units, so about four are corrected.
WORK = 24
INDEX_LOOKUP = 1
VOCABULARY_SCAN = 2
SHORTEST_TYPO_IN_LATIN = 5  # letters


class Kind(models.TextChoices):
    """Correction of a search that finds nothing; if several were made, the last one of this list."""

    LAYOUT = "layout"
    TRANSLITERATION = "transliteration"
    TYPO = "typo"
    MOST_WORDS = "most_words"


@dataclass(frozen=True)
class Reading:
    """Another text for a search, or for a part of it."""

    text: str
    kind: Kind | None  # None: the text is as it was sent
    is_common: bool = False  # a word that is not searched, such as "and"
    has_most: bool = False  # no product has all of its words: those that have most of them are found


def interpret(search: Search, *, finds_nothing: bool = False) -> Reading | None:
    """Return the reading of a search that finds something; None if it does so itself, or if there is no reading.

    :param finds_nothing: the caller knows that the search finds nothing on sale.
    """
    if search.is_empty or (not finds_nothing and finds(search.all)):
        return None
    return _Interpretation().of(search.text)


def finding(tsquery: str) -> dict[str, Any]:
    """Return the parameters of FINDS."""
    return {"found": tsquery, "newest": NEAR}


def finds(tsquery: str) -> bool:
    """Tell whether a product on sale matches."""
    ((found,),) = fetch_rows(FINDS, finding(tsquery), using=router.db_for_read(Product), plan_for_values=True)
    return bool(found)


class _TooMuchWork(Exception):
    """The interpretation of a search exceeds WORK."""


class _Interpretation:
    """Interpretation of one search, within the limit WORK."""

    def __init__(self) -> None:
        self._left = WORK

    def of(self, text: str) -> Reading | None:
        """Return the reading of the whole text, else of its words; words that are like nothing are left out.

        Words that the limit leaves unread are left out, too.
        """
        chunks = fold(text).split()[:MAX_WORDS]
        words: list[Reading] = []
        try:
            # Usually all words were typed on the wrong layout, or in Latin letters: one lookup each tells.
            if len(chunks) > 1 and (reading := self._first(_respelt(text), is_open=True)):
                return reading
            for number, chunk in enumerate(chunks, 1):
                if reading := self._word(chunk, is_open=number == len(chunks)):
                    words.append(reading)
        except _TooMuchWork:
            pass
        while words and words[-1].is_common:
            words.pop()
        return self._together(words, of=len(chunks)) if words else None

    def _together(self, words: Sequence[Reading], *, of: int) -> Reading:
        """Join the readings of words that find something each."""
        text = " ".join(word.text for word in words)
        kinds = [kind for kind in Kind if kind in {word.kind for word in words}]
        kind = Kind.MOST_WORDS if len(words) < of else kinds[-1] if kinds else None
        if len(words) == 1:
            return Reading(text, kind)
        (search,) = read_searches([text])
        if search.most_missing == 0 or finds(search.all):
            return Reading(text, kind)
        return Reading(text, Kind.MOST_WORDS, has_most=True)

    def _word(self, chunk: str, *, is_open: bool) -> Reading | None:
        """Return the first reading of a part of the text that finds something; None if there is none."""
        respelt = [Reading(chunk, None), *_respelt(chunk)]
        if reading := self._first(respelt, is_open=is_open):
            return reading
        for each in respelt:
            # A short word in Latin letters is rather an unknown one than Russian with a typo.
            if each.kind is Kind.TRANSLITERATION and len(each.text) < SHORTEST_TYPO_IN_LATIN:
                continue
            alike = [Reading(word, Kind.TYPO) for word in self._alike(each.text, is_open)]
            if reading := self._first(alike, is_open=is_open):
                return reading
        return None

    def _first(self, readings: Sequence[Reading], *, is_open: bool) -> Reading | None:
        """Return the first reading that finds something."""
        searches = read_searches([reading.text for reading in readings], is_open=is_open)
        for reading, search in zip(readings, searches, strict=True):
            if search.is_empty and not reading.kind:
                return replace(reading, is_common=True)
            if not search.is_empty and self._finds(search):
                return reading
        return None

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
        return finds(search.all)

    def _spend(self, units: int) -> None:
        self._left -= units
        if self._left < 0:
            raise _TooMuchWork


def _respelt(text: str) -> list[Reading]:
    return [
        *(Reading(layout, Kind.LAYOUT) for layout in other_layouts(text)),
        *(Reading(cyrillic, Kind.TRANSLITERATION) for cyrillic in transliterations(text)),
    ]
