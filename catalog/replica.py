"""Which database catalogue reads go to: the replica, while it is not behind."""

import logging

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from catalog.revision import ask, watch

logger = logging.getLogger(__name__)

REPLICA = "replica"


def database() -> str:
    """Name the database to read the catalogue from.

    The replica, if there is one that has the revision that is true now: so whoever has changed something, or has
    bought the last piece, is never shown the state before. Else the primary.
    """
    if REPLICA not in connections.settings:
        return DEFAULT_DB_ALIAS
    try:
        revision = ask(REPLICA)
    except DatabaseError as error:
        logger.warning("The replica cannot be asked (%s)", type(error).__name__)
        return DEFAULT_DB_ALIAS
    return REPLICA if revision is not None and revision == watch.current() else DEFAULT_DB_ALIAS
