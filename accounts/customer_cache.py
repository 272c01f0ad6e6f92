"""In-memory cache of customers' rows, valid until PostgreSQL notifies of a change.

Each request of a customer begins with this row, and it changes about once an hour (`last_seen_at`). The query for it
took a third of the CPU time of GET /users/me. A change by another process arrives within milliseconds (the trigger of
migration 0002); while the listener is not connected, nothing is cached and each request queries the database.
"""

import threading
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection

from accounts.models import User
from shop.postgres.listener import Connection, Listener, Subscription, listener

MAX_ROWS = 5000  # about 2 KB each, so 10 MB in each process

Row = tuple[Any, ...]


class CustomerCache:
    """Cache of accounts_user rows by Telegram id."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._lock = threading.Lock()
        self._rows: dict[int, Row] = {}
        self._changes = 0
        listener.subscribe(Subscription("accounts_user", self._begin, self._hear))

    def find(self, telegram_id: int) -> User | None:
        """Return a customer from the cache or the database; each call returns a new object."""
        row = self._rows.get(telegram_id) if self._listener.is_listening else None
        if row is None:
            changes = self._changes
            row = _select(telegram_id)
            if row is not None and self._listener.is_listening:
                self._keep(telegram_id, row, changes)
        return None if row is None else User.from_db(DEFAULT_DB_ALIAS, _columns(), row)

    def forget(self, telegram_id: int | None) -> None:
        """Drop a row that this process has just changed, before its notification arrives."""
        with self._lock:
            self._changes += 1
            if telegram_id is not None:
                self._rows.pop(telegram_id, None)

    def _keep(self, telegram_id: int, row: Row, changes: int) -> None:
        with self._lock:
            if changes != self._changes:
                return  # a row changed during the query: this one may be the old version
            if len(self._rows) >= MAX_ROWS:  # cheaper than tracking the oldest, and needed once per 5000 customers
                self._rows = {}
            self._rows[telegram_id] = row

    def _begin(self, _connection: Connection) -> None:
        self._forget_all()

    def _hear(self, telegram_id: str) -> None:
        if telegram_id.isdecimal():
            self.forget(int(telegram_id))
        else:  # TRUNCATE
            self._forget_all()

    def _forget_all(self) -> None:
        with self._lock:
            self._changes += 1
            self._rows = {}


def _select(telegram_id: int) -> Row | None:
    # Plain SQL: compiling the query took three times as long as PostgreSQL.
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [telegram_id])
        row: Row | None = cursor.fetchone()
        return row


@cache
def _statement() -> str:
    return User.objects.filter(telegram_id=0).query.sql_with_params()[0]


@cache
def _columns() -> list[str]:
    return [field.attname for field in User._meta.concrete_fields]


customers = CustomerCache(listener)
