"""Database router of catalog reads: to the replica while it has the current revision."""

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
    """Routes the reads of a `reading()` block to its database (DATABASE_ROUTERS)."""

    def db_for_read(self, model: type[Model], **hints: object) -> str | None:
        """Return the alias to read a model from; None: no opinion."""
        return _database.get() if model._meta.app_label == "catalog" else None


@contextmanager
def reading() -> Iterator[None]:
    """Read the catalog from the replica during the block, if it is up to date."""
    token = _database.set(_not_behind())
    try:
        yield
    finally:
        _database.reset(token)


def _not_behind() -> str:
    """Return the alias of the replica if it has the current revision, else that of the primary.

    So a customer who has bought the last piece, or staff who have saved a change, never see the state before.
    """
    if REPLICA not in connections.settings:
        return DEFAULT_DB_ALIAS
    try:
        revision = ask(REPLICA)
    except DatabaseError as error:
        logger.warning("The replica cannot be asked (%s)", type(error).__name__)
        return DEFAULT_DB_ALIAS
    return REPLICA if revision is not None and revision == watch.current() else DEFAULT_DB_ALIAS
