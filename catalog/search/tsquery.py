"""The words of a search as a tsquery of PostgreSQL, and what of a product they match."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

MAX_LENGTH = 200  # characters
MAX_WORDS = 10

# The words as they are, stemmed; and with the last one as the beginning of a word. A word that is still being typed has
# no right stem, so its beginning is also looked for as it is.
WHOLE = "plainto_tsquery('russian', %(words)s)"
WHOLE_OR_BEGUN = f"""({WHOLE} || (plainto_tsquery('russian', %(first_words)s)
    && (to_tsquery('russian', %(beginning)s) || to_tsquery('simple', %(beginning)s))))"""
NAME = "ts_filter(search, '{a}')"  # only the words of the name; it has an index of its own


def fold(text: str) -> str:
    """Return a text without what does not matter: letters' case, their encoding, the dots of ё."""
    return unicodedata.normalize("NFKC", text).lower().replace("ё", "е")


@dataclass(frozen=True)
class Search:
    """A text to look for: all its words, the last one as it is or as a beginning."""

    text: str
    is_open: bool = True  # the last word may go on

    @cached_property
    def words(self) -> list[str]:
        """Return the words, letters and digits only: PostgreSQL gives a meaning to much else."""
        return re.findall(r"[^\W_]+", fold(self.text))[:MAX_WORDS]

    @property
    def tsquery(self) -> str:
        """Return the tsquery, in SQL."""
        return WHOLE_OR_BEGUN if self.is_open else WHOLE

    @property
    def parameters(self) -> dict[str, str]:
        """Return the parameters of the tsquery, and `sku`."""
        return {
            "words": " ".join(self.words),
            "first_words": " ".join(self.words[:-1]),
            "beginning": f"{self.words[-1]}:*" if self.words else "",
            "sku": self.text.strip(),
        }
