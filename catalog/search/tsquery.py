"""A search as tsqueries of PostgreSQL, and the texts of a product that they match."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from catalog.search.terms import Term, Word, both, either, in_category, read_terms

MAX_LENGTH = 200  # characters
MAX_WORDS = 10
MAX_MISSING = 2  # words, in a product that has most of them
NAME = "ts_filter(search, '{a}')"  # only the words of the name, and the category; has its own index
NOTHING = "'#'"  # a lexeme of no product


def fold(text: str) -> str:
    """Normalize a text for comparison: NFKC, lower case, ё as е."""
    return unicodedata.normalize("NFKC", text).lower().replace("ё", "е")


def words_of(text: str) -> list[str]:
    """Return the words of a text, each once: letters and digits only, as other characters are operators."""
    return list(dict.fromkeys(re.findall(r"[^\W_]+", fold(text))))[:MAX_WORDS]


@dataclass(frozen=True)
class Search:
    """A search: a product must have all its terms, the last one possibly as a prefix."""

    text: str
    terms: tuple[Term, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to search."""
        return self.all == NOTHING

    @property
    def parameters(self) -> dict[str, str]:
        """Return the tsqueries as parameters of a statement, and `sku`."""
        return {
            "all": self.all,
            "named": self.named,
            "headed": self.headed,
            "shelved": self.shelved,
            "begun_shelved": self.begun_shelved,
            "whole": self.whole,
            "sku": self.text.strip(),
            **{f"missing{number}": self.missing(number) for number in range(1, MAX_MISSING + 1)},
        }

    @cached_property
    def all(self) -> str:
        """Match all terms, the last one possibly as a prefix."""
        if not self.terms:
            return NOTHING
        *first, last = self.terms
        return either(self._whole, both(*(term.named for term in first), last.named_or_begun)) or NOTHING

    @property
    def whole(self) -> str:
        """Match all terms, as whole words."""
        return self._whole or NOTHING

    @cached_property
    def _whole(self) -> str:
        return both(*(term.named for term in self.terms))

    @property
    def named(self) -> str:
        """Match the products that are in a category of the search and have a word of it themselves."""
        return both(self.whole, self._any_word, either(*map(in_category, self.category_ids)) or NOTHING)

    @property
    def headed(self) -> str:
        """Match the products whose name begins with a word of the search."""
        return both(self.whole, re.sub(r"'([^']+)'", r"'^\1'", self._any_word))

    @property
    def shelved(self) -> str:
        """Match the products of the categories that have all words in their names."""
        return either(*map(in_category, self.shelf_ids)) or NOTHING

    @property
    def begun_shelved(self) -> str:
        """Match the same, the last word possibly as a prefix."""
        return either(*map(in_category, self.begun_shelf_ids)) or NOTHING

    @cached_property
    def category_ids(self) -> list[int]:
        """List the categories that have a word in their names."""
        return sorted({category_id for term in self.terms for category_id in term.categories})

    @cached_property
    def shelf_ids(self) -> list[int]:
        """List the categories that have all words in their names."""
        return _in_all(set(term.categories) for term in self.terms if term.whole)

    @cached_property
    def begun_shelf_ids(self) -> list[int]:
        """List the same, the last word possibly as a prefix."""
        terms = [term for term in self.terms if term.whole or term.begun]
        return _in_all({*term.categories, *term.begun_categories} for term in terms)

    @property
    def any_word_or_begun(self) -> str:
        """Match any word, the last one possibly as a prefix."""
        return either(*(term.whole for term in self.terms), *(term.begun for term in self.terms[-1:])) or NOTHING

    @property
    def _any_word(self) -> str:
        return either(*(term.whole for term in self.terms)) or NOTHING

    @property
    def most_missing(self) -> int:
        """Return how many terms a product may lack that has most of them."""
        return min(MAX_MISSING, len(self._searched) // 2)

    def missing(self, number: int) -> str:
        """Match the products that lack at most so many terms."""
        if number > self.most_missing:
            return NOTHING
        return either(*(both(*some) for some in itertools.combinations(self._searched, len(self._searched) - number)))

    @cached_property
    def _searched(self) -> list[str]:
        terms = [*(term.named for term in self.terms[:-1]), *(term.named_or_begun for term in self.terms[-1:])]
        return [term for term in terms if term]


def _in_all(sets: Iterable[set[int]]) -> list[int]:
    sets = list(sets)
    return sorted(set.intersection(*sets)) if sets else []


def read_search(text: str, *, is_open: bool = True) -> Search:
    """Look up the terms of a search.

    :param is_open: the last word may be incomplete.
    """
    (search,) = read_searches([text], is_open=is_open)
    return search


def read_searches(texts: Iterable[str], *, is_open: bool = True) -> list[Search]:
    """Look up the terms of several searches, with one statement."""
    searches = [(text, _marked(words_of(text), is_open=is_open)) for text in texts]
    terms = read_terms(list(dict.fromkeys(word for _, words in searches for word in words)))
    return [Search(text, tuple(terms[word] for word in words)) for text, words in searches]


def _marked(words: Sequence[str], *, is_open: bool) -> list[Word]:
    return [Word(word, is_open and number == len(words)) for number, word in enumerate(words, 1)]
