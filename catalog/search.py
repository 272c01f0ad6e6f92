"""What a customer who types something means, and how to find it.

Words are stemmed by PostgreSQL, the last one may still be growing, and what finds nothing is taken as typed on the
wrong keyboard layout, or with a typo, and corrected to a word that does find something.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Max, Q, Subquery
from django.db.models.expressions import RawSQL
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from catalog.models import Product, ProductQuerySet, Word
from shop.api.pagination import Cursor

MAX_LENGTH = 200  # characters
MAX_WORDS = 10
CANDIDATES = 5
SUGGESTIONS = 8
NEAR = 1000  # ids

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~{}:\"<>"
_CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмитьбюёхъжэбю"
TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
TO_LATIN = str.maketrans("е" + _CYRILLIC[1:33], "t" + _LATIN[1:33])


def fold(text: str) -> str:
    """Return a text without what does not matter: letters' case, their encoding, the dots of ё."""
    return unicodedata.normalize("NFKC", text).lower().replace("ё", "е")


@dataclass(frozen=True)
class Search:
    """What to look for: all these words, the last one as it is or as a beginning."""

    text: str
    is_open: bool = True  # the last word may go on

    @cached_property
    def words(self) -> list[str]:
        """Return the words, letters and digits only: PostgreSQL gives a meaning to much else."""
        return re.findall(r"[^\W_]+", fold(self.text))[:MAX_WORDS]

    @property
    def _whole(self) -> str:
        return _literal("plainto_tsquery('russian', %s)", " ".join(self.words))

    @property
    def _query(self) -> str:
        if not self.is_open:
            return self._whole
        # A word that is not finished has no stem yet, so it is also looked for as it is.
        first, last = " ".join(self.words[:-1]), f"{self.words[-1]}:*"
        growing = _literal(
            "plainto_tsquery('russian', %s) && (to_tsquery('russian', %s) || to_tsquery('simple', %s))",
            first, last, last,
        )  # fmt: skip
        return f"{self._whole} || ({growing})"

    def among(self, products: ProductQuerySet) -> ProductQuerySet:
        """Keep the products that have all words, anywhere."""
        return products.filter(_matches("search", self._query)) if self.words else products.none()

    def by_relevance(self, products: ProductQuerySet) -> list[ProductQuerySet]:
        """Divide the products found, best first: that SKU; whole words in the name; beginnings there; all others.

        These four are read one after the other and each by id, so a word that every product has costs what a rare
        one costs. `ts_rank` would have to see all that match before the first can be shown.
        """
        if not self.words:
            return [products.none()]
        sku = Q(sku__iexact=self.text.strip())
        whole, growing = (Q(_matches("ts_filter(search, '{a}')", query)) for query in (self._whole, self._query))
        rest = products.exclude(sku)
        return [
            products.filter(sku),
            rest.filter(whole),
            rest.filter(growing, ~whole),
            self.among(rest).exclude(growing),
        ]

    def finds(self) -> bool:
        """Tell whether anything on sale has these words."""
        return bool(nearest(self.among(Product.objects.on_sale()).order_by("-id"), 1))


def nearest(products: ProductQuerySet, limit: int, cursor: Cursor | None = None) -> list[Product]:
    """Return the first rows of what a search finds, sorted by id.

    A word that many products have is found soon among those next to the cursor, and one that few have soon in the
    index of words. PostgreSQL would choose one of the ways by a guess, and for a word that its statistics do not
    list that may be to walk past all products. So it looks around first, and then takes the index.

    :param products: sorted by `id` or `-id`; if there is a cursor among them, from there on.
    """
    order = products.query.order_by
    rising = order == ("id",)
    start: Any = cursor.key[0] if cursor else Subquery(Product.objects.order_by(*order).values("pk")[:1])
    near = Q(pk__lte=start + NEAR) if rising else Q(pk__gte=start - NEAR)  # the cursor itself is the other end
    found = list(products.filter(near)[:limit])
    if len(found) == limit:
        return found
    # The sum is in no index, so there is nothing to walk along.
    number = F("id") + 0
    return list(products.order_by(number.asc() if rising else number.desc())[:limit])


def understand(text: str) -> Search:
    """Return what to look for: the text as it is if it finds anything on sale, else corrected word by word.

    Words that are there, but not in one product, stay as they are: then nothing is found.
    """
    search = Search(text)
    if not search.words or search.finds():
        return search
    chunks = fold(text).split()[:MAX_WORDS]
    corrected = []
    for number, chunk in enumerate(chunks, 1):
        word = _corrected(chunk, is_open=number == len(chunks))
        if word is None:
            return search
        corrected.append(word)
    return Search(" ".join(corrected))


def suggestions(text: str) -> list[str]:
    """Return at most 8 names of products on sale that have these words, best first."""
    found: dict[str, None] = {}
    for part in understand(text).by_relevance(Product.objects.on_sale())[:-1]:
        # Some products have the same name: more than 8 are read, so that 8 are left.
        found |= dict.fromkeys(product.name for product in nearest(part.order_by("-id"), 4 * SUGGESTIONS))
        if len(found) >= SUGGESTIONS:
            break
    return list(found)[:SUGGESTIONS]


def _corrected(chunk: str, *, is_open: bool) -> str | None:
    """Return the first reading of a part of the text that finds something; None if there is none."""
    return next((reading for reading in _readings(chunk, is_open) if Search(reading, is_open).finds()), None)


def _readings(chunk: str, is_open: bool) -> Iterator[str]:
    layouts = list(dict.fromkeys([chunk, fold(chunk.translate(TO_CYRILLIC)), chunk.translate(TO_LATIN)]))
    yield from layouts
    for layout in layouts:
        yield from _alike(layout, is_open)


def _alike(chunk: str, is_open: bool) -> list[str]:
    """List words of the catalogue that differ from this one by a slip or two, likeliest first."""
    word = "".join(re.findall(r"[^\W_]+", chunk))
    if len(word) < 3 or not word.isalpha():  # of numbers, another one is another thing
        return []
    vocabulary = _vocabulary()
    found = _closest(word, vocabulary)
    if not found and is_open:
        found = _closest(word, vocabulary, length=len(word))
    return found


def _closest(word: str, vocabulary: tuple[str, ...], length: int | None = None) -> list[str]:
    choices = [known[:length] for known in vocabulary]
    slips = 1 if len(word) < 6 else 2
    found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=slips, limit=50)
    found.sort(key=lambda match: (match[1], -JaroWinkler.similarity(word, match[0]), match[0]))
    return [vocabulary[index] for _, _, index in found[:CANDIDATES]]


def _vocabulary() -> tuple[str, ...]:
    # Words only ever come, so the last id tells whether there are new ones. One that a long transaction brings late,
    # below an id that was seen, is not known to this process until the next new word.
    newest: int | None = Word.objects.aggregate(newest=Max("id"))["newest"]
    return _words_up_to(newest)


@lru_cache(maxsize=1)
def _words_up_to(newest: int | None) -> tuple[str, ...]:
    return tuple(Word.objects.values_list("word", flat=True))


def _literal(sql: str, *texts: str) -> str:
    # Quoted here and not sent as parameters: PostgreSQL must see the words when it plans, for they tell how many
    # products it will find.
    return str(connection.ops.compose_sql(sql, texts))  # type: ignore[attr-defined]  # PostgreSQL has it


def _matches(vector: str, query: str) -> RawSQL:
    return RawSQL(f"{vector} @@ ({query})".replace("%", "%%"), (), output_field=BooleanField())  # noqa: S611
