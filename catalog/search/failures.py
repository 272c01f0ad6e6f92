"""Count of the searches that found nothing: collected in memory, written in the background, without personal data."""

import logging
import threading
from collections import Counter
from datetime import timedelta
from itertools import pairwise

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from catalog.models import FailedSearch
from catalog.search.tsquery import words_of

logger = logging.getLogger(__name__)

PAUSE = 10.0  # seconds from the first search that waits to the write
MAX_WAITING = 500  # different searches in memory
MAX_LENGTH, MAX_WORDS, MAX_DIGITS = 60, 6, 4
# Rows that are kept. The latest ones are kept beside the most frequent: a new search would else never get in, and a
# flood of senseless searches pushes out the rare ones only.
MOST_FREQUENT, LATEST = 800, 200
KEPT = timedelta(days=90)  # from the last time

WRITE = """
INSERT INTO catalog_failedsearch (query, count, last_at)
SELECT query, count, %(now)s FROM unnest(%(queries)s::text[], %(counts)s::int[]) AS counted (query, count)
ON CONFLICT (query) DO UPDATE
SET count = least(catalog_failedsearch.count::bigint + excluded.count, 2147483647), last_at = excluded.last_at
"""
TRIM = """
DELETE FROM catalog_failedsearch
WHERE id NOT IN (SELECT id FROM catalog_failedsearch ORDER BY count DESC, last_at DESC, id DESC LIMIT %(frequent)s)
    AND id NOT IN (SELECT id FROM catalog_failedsearch ORDER BY last_at DESC, id DESC LIMIT %(latest)s)
"""


def normalized(text: str) -> str | None:
    """Return the words of a search as they are counted; None if it may contain personal data, or is too long.

    A telephone number has at least five digits, an e-mail address and a name in Telegram have an "@", an address or a
    letter has many words.
    """
    words = words_of(text)
    query = " ".join(words)
    digits = sum(character.isdigit() for character in text)
    if not words or "@" in text or "://" in text or digits > MAX_DIGITS:
        return None
    return query if len(query) <= MAX_LENGTH and len(words) <= MAX_WORDS else None


class FailedSearches:
    """The searches of this process that found nothing, since the last write.

    A thread writes them, so that no request waits for it. What waits when a process ends is lost.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: Counter[str] = Counter()

    def add(self, text: str) -> None:
        """Count a search."""
        query = normalized(text)
        if query is None:
            return
        with self._lock:
            if query not in self._waiting and len(self._waiting) >= MAX_WAITING:
                return
            is_first = not self._waiting
            self._waiting[query] += 1
        if is_first:
            timer = threading.Timer(PAUSE, self._write_in_thread)
            timer.daemon = True
            timer.start()

    def write(self) -> None:
        """Add the counts to the database, and delete the rows that are too many.

        :raises DatabaseError: if that fails; these counts are lost.
        """
        with self._lock:
            waiting, self._waiting = self._waiting, Counter()
        queries = _typed_to_the_end(waiting)
        if not queries:
            return
        with transaction.atomic(), connection.cursor() as cursor:
            # Processes write one after the other, and never wait for each other in a circle.
            cursor.execute(f'LOCK TABLE "{FailedSearch._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')
            counts = [waiting[query] for query in queries]
            cursor.execute(WRITE, {"queries": queries, "counts": counts, "now": timezone.now()})
            cursor.execute(TRIM, {"frequent": MOST_FREQUENT, "latest": LATEST})

    def _write_in_thread(self) -> None:
        try:
            self.write()
        except DatabaseError as error:
            logger.warning("Searches without results could not be saved (%s)", type(error).__name__)
        finally:
            connection.close()


def delete_old() -> None:
    """Delete the rows of searches that were not made for KEPT."""
    FailedSearch.objects.filter(last_at__lt=timezone.now() - KEPT).delete()


def _typed_to_the_end(queries: Counter[str]) -> list[str]:
    """Leave out the beginnings of other searches: they were sent while a customer was typing."""
    in_order = sorted(queries)
    return [query for query, after in pairwise([*in_order, ""]) if not after.startswith(query)]


failed_searches = FailedSearches()
