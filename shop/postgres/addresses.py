"""settings.DATABASES: connections of each process, directly or through a pooler, and their options.

A pooler in transaction mode, such as PgBouncer's, gives a server connection to another client after each transaction.
Session state does not survive that: LISTEN, prepared statements, SET, cursors WITH HOLD. With DATABASE_DIRECT_URL set,
DATABASE_URL is the address of such a pooler. The web server's requests use it; the worker, the commands of manage.py
and the listener thread of a web process connect to PostgreSQL directly.
"""

from typing import Any

import environ

DIRECT = "direct"  # with DATABASE_DIRECT_URL, the alias of the web server beside its default
POOLED = "pooled"  # the alias in the other processes

# A locked row or an endless query must not block all threads of the web server. Migrations and imports have no limits.
TIMEOUTS = {
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
}


class WebServer:
    """Flag of web server processes; shop.runtime.gunicorn sets it before it loads the settings."""

    here = False


def databases(url: str, *, direct_url: str, replica_url: str) -> dict[str, dict[str, Any]]:
    """Return settings.DATABASES.

    :param direct_url: the address of PostgreSQL if `url` is a pooler in transaction mode, else empty.
    """
    configured = _behind_a_pooler if direct_url else _database
    by_alias = {"default": configured(url)}
    if direct_url:
        direct = _database(direct_url)
        by_alias |= {DIRECT: direct} if WebServer.here else {"default": direct, POOLED: configured(url)}
    if replica_url:  # used by catalog.freshness.replica
        by_alias["replica"] = configured(replica_url)
    return by_alias


def _database(url: str) -> dict[str, Any]:
    database: dict[str, Any] = environ.Env.db_url_config(url)
    database.update(ENGINE="shop.postgres", CONN_MAX_AGE=3600, CONN_HEALTH_CHECKS=True)
    database["SESSION"] = TIMEOUTS if WebServer.here else {}
    database.setdefault("OPTIONS", {}).update(
        # Statements are parsed and planned once per connection, not per request.
        server_side_binding=True,
        prepare_threshold=2,
        # A server that does not respond is given up after 10 seconds, not after the system's quarter of an hour.
        tcp_user_timeout=10_000,
    )
    return database


def _behind_a_pooler(url: str) -> dict[str, Any]:
    database = _database(url)
    database.update(SESSION={}, DISABLE_SERVER_SIDE_CURSORS=True)
    database["OPTIONS"]["prepare_threshold"] = None
    return database
