"""Revision of the catalog: a value that changes with each commit that changes public data."""

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from shop.postgres.listener import Connection, Listener, Subscription, listener

ASK = "SELECT value::text FROM catalog_revision"


class RevisionWatch:
    """The current revision: kept up to date by NOTIFY, or queried with each request while no listener is connected."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._value: str | None = None
        listener.subscribe(Subscription("catalog_revision", self._begin, self._hear))

    def current(self) -> str | None:
        """Return the revision; None if the database does not answer."""
        self._listener.start()
        if self._listener.is_listening:
            return self._value
        try:
            return ask()
        except DatabaseError:
            return None

    def heard(self) -> str | None:
        """Return the revision if it is known without a query; None while no listener is connected."""
        return self._value if self._listener.is_listening else None

    def _begin(self, connection: Connection) -> None:
        row = connection.execute(ASK).fetchone()
        self._value = row[0] if row else None

    def _hear(self, value: str) -> None:
        self._value = value


def ask(using: str = DEFAULT_DB_ALIAS) -> str | None:
    """Query the revision of a database; None if it has none.

    :raises DatabaseError: if it does not answer.
    """
    connection = connections[using]
    try:
        with connection.cursor() as cursor:
            cursor.execute(ASK)
            row = cursor.fetchone()
    except DatabaseError:
        connection.close()  # outside a request Django does not close a broken connection
        raise
    return row and str(row[0])


watch = RevisionWatch(listener)
current = watch.current  # PUBLIC_REVISION
