"""In-memory vocabulary of the catalog, and its nearest words to a misspelt one (OSA distance)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db.models import Max
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from catalog.models import Word

CANDIDATES = 5
LONGEST = 42  # letters: a word of the catalog has at most 40, and two typos may add two


class Vocabulary:
    """Words by length: only those of about the same length can be within two typos."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_length: defaultdict[int, list[str]] = defaultdict(list)
        for word in words:
            self._by_length[len(word)].append(word)

    def closest(self, word: str) -> list[str]:
        """Return at most 5 words within one typo, or two from six letters on, likeliest first."""
        typos = _typos(word)
        lengths = range(len(word) - typos, len(word) + typos + 1)
        near = [known for length in lengths for known in self._by_length.get(length, ())]
        return _closest(word, near, near)

    def closest_beginning(self, word: str) -> list[str]:
        """Return at most 5 words of which a prefix is within that distance of an incomplete word."""
        longer = [known for length, words in self._by_length.items() if length > len(word) for known in words]
        return _closest(word, longer, [known[: len(word)] for known in longer])


def current_vocabulary() -> Vocabulary:
    """Return the vocabulary, loaded again if the database has new words."""
    # Words are never deleted, so the last id tells whether there are new ones. A word that a long transaction commits
    # late, with a lower id, is unknown to this process until the next new word.
    newest: int | None = Word.objects.aggregate(newest=Max("id"))["newest"]
    return _up_to(newest)


@lru_cache(maxsize=1)
def _up_to(newest: int | None) -> Vocabulary:
    return Vocabulary(Word.objects.order_by("word").values_list("word", flat=True))


def _closest(word: str, words: Sequence[str], spellings: Sequence[str]) -> list[str]:
    found = process.extract(word, spellings, scorer=OSA.distance, score_cutoff=_typos(word), limit=50)
    found.sort(key=lambda match: (match[1], -JaroWinkler.similarity(word, match[0]), match[0]))
    return [words[index] for _, _, index in found[:CANDIDATES]]


def _typos(word: str) -> int:
    return 1 if len(word) < 6 else 2
