"""The words of the catalog, in memory, and those of them that are nearest to a misspelt one (OSA distance)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db.models import Max
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from catalog.models import Word

CANDIDATES = 5
LONGEST = 42  # letters: a word of the catalog has at most 40, and two slips may add two


class Vocabulary:
    """Words by length: only those of about the same length can be a slip or two away."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_length: defaultdict[int, list[str]] = defaultdict(list)
        for word in words:
            self._by_length[len(word)].append(word)

    def closest(self, word: str) -> list[str]:
        """Return at most 5 words that differ by a slip, by two if it has six letters or more, likeliest first."""
        slips = _slips(word)
        lengths = range(len(word) - slips, len(word) + slips + 1)
        near = [known for length in lengths for known in self._by_length.get(length, ())]
        return _closest(word, near, near)

    def closest_beginning(self, word: str) -> list[str]:
        """Return at most 5 words whose beginnings differ so from a word that is still being typed."""
        longer = [known for length, words in self._by_length.items() if length > len(word) for known in words]
        return _closest(word, longer, [known[: len(word)] for known in longer])


def current_vocabulary() -> Vocabulary:
    """Return the words as the database has them."""
    # Words only ever come, so the last id tells whether there are new ones. One that a long transaction brings late,
    # below an id that was seen, is not known to this process until the next new word.
    newest: int | None = Word.objects.aggregate(newest=Max("id"))["newest"]
    return _up_to(newest)


@lru_cache(maxsize=1)
def _up_to(newest: int | None) -> Vocabulary:
    return Vocabulary(Word.objects.order_by("word").values_list("word", flat=True))


def _closest(word: str, words: Sequence[str], spellings: Sequence[str]) -> list[str]:
    found = process.extract(word, spellings, scorer=OSA.distance, score_cutoff=_slips(word), limit=50)
    found.sort(key=lambda match: (match[1], -JaroWinkler.similarity(word, match[0]), match[0]))
    return [words[index] for _, _, index in found[:CANDIDATES]]


def _slips(word: str) -> int:
    return 1 if len(word) < 6 else 2
