"""A search as a tsquery of PostgreSQL, and the texts of a product that it matches."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

MAX_LENGTH = 200  # characters
MAX_WORDS = 10

# All words, stemmed; and the same with the last one as a prefix. An incomplete word has no reliable stem, so the prefix
# is also matched unstemmed. `catalog_search` is the text search configuration of SEARCH_LANGUAGE (migration 0007).
WHOLE = "plainto_tsquery('catalog_search', %(words)s)"
WHOLE_OR_BEGUN = f"""({WHOLE} || (plainto_tsquery('catalog_search', %(first_words)s)
    && (to_tsquery('catalog_search', %(beginning)s) || to_tsquery('simple', %(beginning)s))))"""
NAME = "ts_filter(search, '{a}')"  # only the words of the name; has its own index


def fold(text: str) -> str:
    """Normalize a text for comparison: NFKC, lower case, ё as е."""
    return unicodedata.normalize("NFKC", text).lower().replace("ё", "е")


@dataclass(frozen=True)
class Search:
    """Text of a search; a product must have all its words, the last one possibly as a prefix."""

    text: str
    is_open: bool = True  # the last word may be incomplete

    @cached_property
    def words(self) -> list[str]:
        """Return the words: letters and digits only, as other characters are operators of to_tsquery."""
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
