"""Which database the reads of the catalog go to: the replica, while it is not behind."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Model

from catalog.freshness.revision import ask, watch

logger = logging.getLogger(__name__)

REPLICA = "replica"


_database: ContextVar[str] = ContextVar("catalog_database", default=DEFAULT_DB_ALIAS)


class CatalogRouter:
    """Sends the reads of a block of `reading()` there, and nothing else anywhere (DATABASE_ROUTERS)."""

    def db_for_read(self, model: type[Model], **hints: object) -> str | None:
        """Name the database to read a model from; None: no opinion."""
        return _database.get() if model._meta.app_label == "catalog" else None


@contextmanager
def reading() -> Iterator[None]:
    """Read the catalog from the replica during the block, if it may be."""
    token = _database.set(_not_behind())
    try:
        yield
    finally:
        _database.reset(token)


def _not_behind() -> str:
    """Name the replica if there is one that has the revision that is true now, else the primary.

    So a person who has changed something, or has bought the last piece, is never shown the state before.
    """
    if REPLICA not in connections.settings:
        return DEFAULT_DB_ALIAS
    try:
        revision = ask(REPLICA)
    except DatabaseError as error:
        logger.warning("The replica cannot be asked (%s)", type(error).__name__)
        return DEFAULT_DB_ALIAS
    return REPLICA if revision is not None and revision == watch.current() else DEFAULT_DB_ALIAS
