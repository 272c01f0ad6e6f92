"""Cache of a value in memory until the catalog revision changes."""

from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connection

from catalog.freshness.revision import RevisionWatch

T = TypeVar("T")


class RevisionCache(Generic[T]):
    """Cache of a value: valid for one revision, and only while its changes are heard (shop/postgres/listener.py).

    The tables that the value is read from need the triggers of catalog.freshness.triggers. All threads share the value:
    it must not be changed.
    """

    def __init__(self, watch: RevisionWatch, read: Callable[[], T]) -> None:
        self._watch = watch
        self._read = read
        self._kept: tuple[str, T] | None = None

    def current(self) -> T:
        """Return the value from memory; otherwise read it."""
        revision, kept = self._watch.heard(), self._kept
        if revision is not None and kept is not None and kept[0] == revision:
            return kept[1]
        value = self._read()
        # In a transaction it may be a change that is rolled back.
        if revision is not None and revision == self._watch.heard() and not connection.in_atomic_block:
            self._kept = (revision, value)
        return value
