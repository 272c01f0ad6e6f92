"""System checks of database connections: in `manage.py check --database default`, `migrate`, and at each start."""

from typing import Any

import psycopg
from django.core import checks
from django.db import connections
from django.db.backends.base.validation import BaseDatabaseValidation

from shop.postgres.addresses import DIRECT, POOLED, TIMEOUTS

UNREACHABLE = "shop.E001"
ATTEMPTS = 3
IDENTITY = "SELECT pg_postmaster_start_time(), oid FROM pg_database WHERE datname = current_database()"
WITHOUT_LIMIT = "SELECT name FROM unnest(%s::text[]) AS name WHERE current_setting(name) = '0'"


class DatabaseValidation(BaseDatabaseValidation):
    """Checks of both addresses of the database, run for the alias "default" only."""

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Return the errors of the connections."""
        if self.connection.alias != "default":
            return []
        return check_direct() or check_pooled()


def check_direct() -> list[checks.CheckMessage]:
    """Check that the worker's connections keep their sessions, so are not behind a pooler in transaction mode."""
    variable = (
        "DATABASE_DIRECT_URL" if DIRECT in connections.settings or POOLED in connections.settings else "DATABASE_URL"
    )
    try:
        with _connect(DIRECT) as first, _connect(DIRECT) as second:
            # Other clients of a pooler may run queries between the two: hence several attempts.
            shared = any(_backend(first) == _backend(second) for _ in range(ATTEMPTS))
    except psycopg.OperationalError as error:
        return [_unreachable(variable, error)]
    if not shared:
        return []
    return [
        checks.Error(
            f"{variable}: leads to a pooler in transaction mode, behind which the worker would hear of no order;"
            " set DATABASE_DIRECT_URL to the address of PostgreSQL itself",
            id="shop.E002",
        )
    ]


def check_pooled() -> list[checks.CheckMessage]:
    """Check that the pooler leads to the same database, and that the timeouts are set behind it."""
    if DIRECT not in connections.settings and POOLED not in connections.settings:
        return []
    try:
        with _connect(POOLED) as pooled, _connect(DIRECT) as direct:
            same = pooled.execute(IDENTITY).fetchone() == direct.execute(IDENTITY).fetchone()
            missing = [name for (name,) in pooled.execute(WITHOUT_LIMIT, [list(TIMEOUTS)])]
    except psycopg.OperationalError as error:
        return [_unreachable("DATABASE_URL", error)]
    if not same:
        return [checks.Error("DATABASE_URL and DATABASE_DIRECT_URL: lead to two databases", id="shop.E003")]
    if not missing:
        return []
    statements = "; ".join(f"SET {name} = '{TIMEOUTS[name]}'" for name in missing)
    return [
        checks.Warning(
            f"DATABASE_URL: behind the pooler, requests have no {', '.join(missing)}",
            hint=f'Give PgBouncer connect_query = "{statements}".',
            id="shop.W001",
        )
    ]


def _connect(alias: str) -> "psycopg.Connection[Any]":
    """Connect by alias; an alias that the process does not have is its default."""
    parameters = connections[alias if alias in connections.settings else "default"].get_connection_params()
    return psycopg.connect(**parameters | {"prepare_threshold": None}, autocommit=True)


def _backend(connection: "psycopg.Connection[Any]") -> int:
    (pid,) = connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)
    return int(pid)


def _unreachable(variable: str, error: psycopg.OperationalError) -> checks.CheckMessage:
    return checks.Error(f"{variable}: no connection: {' '.join(str(error).split())}", id=UNREACHABLE)
