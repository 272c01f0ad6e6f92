"""Which state the catalogue is in, known without asking: PostgreSQL tells each process of a new revision."""

import logging
import os
import threading
import time

import psycopg
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections

logger = logging.getLogger(__name__)

HEARTBEAT = 1.0  # seconds between two signs of life on a quiet connection
TRUST = 2.5  # seconds that a sign of life is good for
RETRY = 1.0  # seconds between two attempts to listen again

NAME = "botshop catalogue revision"  # in pg_stat_activity
ASK = "SELECT value::text FROM catalog_revision"


class RevisionWatch:
    """The revision of the catalogue, kept up to date by a thread that listens to PostgreSQL.

    A commit's notification arrives within milliseconds. A process that has heard nothing for TRUST seconds does not
    trust its memory: it asks with each request.
    """

    def __init__(self) -> None:
        self._value: str | None = None
        self._trusted_until = 0.0
        self._listening_in: int | None = None

    def current(self) -> str | None:
        """Return the revision; None if it cannot be known now."""
        if self._listening_in != os.getpid():  # a thread does not survive the fork of a web process
            self._listening_in = os.getpid()
            threading.Thread(target=self._listen, name="catalog-revision", daemon=True).start()
        if self.is_listening:
            return self._value
        try:
            return ask()
        except DatabaseError:
            return None

    @property
    def is_listening(self) -> bool:
        """Tell whether the revision is known without asking."""
        return time.monotonic() < self._trusted_until

    def _listen(self) -> None:
        while True:
            self._listen_once()
            time.sleep(RETRY)

    def _listen_once(self) -> None:
        """Listen until the connection ends."""
        try:
            parameters = connection.get_connection_params()
            with psycopg.connect(**parameters, autocommit=True, application_name=NAME) as listener:
                listener.execute("LISTEN catalog_revision")
                self._follow(listener)
        except psycopg.Error as error:
            self._trusted_until = 0.0
            logger.warning("No word of catalogue changes (%s): asking with each request", type(error).__name__)

    def _follow(self, listener: "psycopg.Connection[tuple[str]]") -> None:
        while True:
            asked_at = time.monotonic()
            row = listener.execute(ASK).fetchone()
            self._value = row[0] if row else None
            self._trusted_until = asked_at + TRUST
            for notification in listener.notifies(timeout=HEARTBEAT):
                self._value = notification.payload


def ask(using: str = DEFAULT_DB_ALIAS) -> str | None:
    """Ask a database which revision it is at; None if it has none.

    :raises DatabaseError: if it does not answer.
    """
    connection = connections[using]
    try:
        with connection.cursor() as cursor:
            cursor.execute(ASK)
            row = cursor.fetchone()
    except DatabaseError:
        connection.close()  # no request of Django's may have begun that would look after it
        raise
    return row and str(row[0])


watch = RevisionWatch()
