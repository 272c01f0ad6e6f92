"""What a customer who types something means, and how to find it.

Words are stemmed by PostgreSQL, the last one may still be growing, and what finds nothing is taken as typed on the
wrong keyboard layout, or with a typo, and corrected to a word that does find something.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

from django.db import connection, connections, router
from django.db.models import BooleanField, F, Q, Subquery
from django.db.models.expressions import RawSQL

from catalog.models import Product, ProductQuerySet
from catalog.vocabulary import LONGEST, Vocabulary, current_vocabulary
from shop.api.pagination import Cursor

MAX_LENGTH = 200  # characters
MAX_WORDS = 10
SUGGESTIONS = 8
NEAR = 50  # ids for each row that is wanted
# What the correction of one search may cost. A look into the index takes 1 ms at 100,000 products, one through the
# vocabulary up to 26 ms at 50,000 words; a word with a typo takes some 6 units, so about four are corrected.
WORK = 24
LOOK_INTO_INDEX = 1
LOOK_THROUGH_VOCABULARY = 2

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
    is_hopeless: bool = False  # nothing on sale has these words: no need to ask again

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
        """Keep the products on sale that have all words, anywhere."""
        if not self.words or self.is_hopeless:
            return products.none()
        return products.filter(_matches("search", self._query))

    def by_relevance(self, products: ProductQuerySet) -> list[ProductQuerySet]:
        """Divide what is found on sale, best first: that SKU; whole words in the name; beginnings there; all others.

        These four are read one after the other and each by id, so a word that every product has costs what a rare
        one costs. `ts_rank` would have to see all that match before the first can be shown.
        """
        if not self.words or self.is_hopeless:
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
        statement, parameters = _finds_statement()
        with connections[router.db_for_read(Product)].cursor() as cursor:
            cursor.execute(statement.replace(_QUERY, self._query), parameters)
            (found,) = cursor.fetchone()
        return bool(found)


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
    distance = NEAR * limit
    near = Q(pk__lte=start + distance) if rising else Q(pk__gte=start - distance)  # the cursor itself is the other end
    found = list(products.filter(near)[:limit])
    if len(found) == limit:
        return found
    # The sum is in no index, so there is nothing to walk along.
    number = F("id") + 0
    return list(products.order_by(number.asc() if rising else number.desc())[:limit])


def understand(text: str) -> Search:
    """Return what to look for: the text as it is if it finds anything on sale, else corrected.

    Words that are there, but not in one product, stay as they are: then nothing is found. So does a text whose
    correction would cost more than WORK.
    """
    search = Search(text)
    if not search.words or search.finds():
        return search
    try:
        return _Correction().of(text) or replace(search, is_hopeless=True)
    except _TooMuchWork:
        return replace(search, is_hopeless=True)


def suggestions(text: str) -> list[str]:
    """Return at most 8 names of products on sale that have these words, best first."""
    found: dict[str, None] = {}
    for part in understand(text).by_relevance(Product.objects.on_sale())[:-1]:
        # Some products have the same name: more than 8 are read, so that 8 are left.
        found |= dict.fromkeys(product.name for product in nearest(part.order_by("-id"), 4 * SUGGESTIONS))
        if len(found) >= SUGGESTIONS:
            break
    return list(found)[:SUGGESTIONS]


class _TooMuchWork(Exception):
    """A search costs more to correct than it may."""


class _Correction:
    """The correction of one search, with a bound on its work."""

    def __init__(self) -> None:
        self._left = WORK

    def of(self, text: str) -> Search | None:
        """Return the corrected search, None if a word is like nothing that is sold.

        :raises _TooMuchWork: if the bound is reached first.
        """
        chunks = fold(text).split()[:MAX_WORDS]
        if len(chunks) > 1:
            # Mostly all words were typed on the wrong layout, and one look tells.
            for layout in _other_layouts(text):
                if self._finds(Search(layout)):
                    return Search(layout)
        corrected = []
        for number, chunk in enumerate(chunks, 1):
            word = self._word(chunk, is_open=number == len(chunks))
            if word is None:
                return None
            corrected.append(word)
        return Search(" ".join(corrected))

    def _word(self, chunk: str, *, is_open: bool) -> str | None:
        """Return the first reading of a part of the text that finds something; None if there is none."""
        return next((word for word in self._readings(chunk, is_open) if self._finds(Search(word, is_open))), None)

    def _readings(self, chunk: str, is_open: bool) -> Iterator[str]:
        layouts = [chunk, *_other_layouts(chunk)]
        yield from layouts
        for layout in layouts:
            yield from self._alike(layout, is_open)

    def _alike(self, chunk: str, is_open: bool) -> Iterable[str]:
        """List words of the catalogue that differ from this one by a slip or two, likeliest first."""
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
        return search.finds()

    def _spend(self, units: int) -> None:
        self._left -= units
        if self._left < 0:
            raise _TooMuchWork


def _other_layouts(text: str) -> list[str]:
    """Return what the same keys write on the other keyboard layouts."""
    written = dict.fromkeys((fold(text.translate(TO_CYRILLIC)), text.translate(TO_LATIN)))
    return [layout for layout in written if layout != text]


_QUERY = "<query>"  # stands for the tsquery: `<` is in no word


@cache
def _finds_statement() -> tuple[str, tuple[Any, ...]]:
    """Return the statement of `Search.finds`: Django takes longer to compile it than PostgreSQL to answer.

    Like `nearest` it looks around first, and then takes the index. There the words are hidden in a subquery: knowing
    how common they are, or asked for one row only, PostgreSQL would walk past all products in the hope to meet them.
    """
    on_sale = Product.objects.on_sale().values("pk")
    newest = Product.objects.order_by("-pk").values("pk")[:1]
    around = on_sale.filter(_matches("search", _QUERY), pk__gt=Subquery(newest) - NEAR)
    indexed = on_sale.filter(_matches("search", f"SELECT {_QUERY}"))
    near, parameters = around[:1].query.sql_with_params()
    far, more = indexed[:1000].query.sql_with_params()
    statement = f"SELECT coalesce(({near}) IS NOT NULL OR NULL, (SELECT count(*) > 0 FROM ({far}) AS found))"  # noqa: S608
    return statement, (*parameters, *more)


def _literal(sql: str, *texts: str) -> str:
    # Quoted here and not sent as parameters: PostgreSQL must see the words when it plans, for they tell how many
    # products it will find.
    return str(connection.ops.compose_sql(sql, texts))  # type: ignore[attr-defined]  # PostgreSQL has it


def _matches(vector: str, query: str) -> RawSQL:
    return RawSQL(f"{vector} @@ ({query})".replace("%", "%%"), (), output_field=BooleanField())  # noqa: S611
