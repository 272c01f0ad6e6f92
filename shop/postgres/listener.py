"""Listener thread for PostgreSQL's notifications (LISTEN), to invalidate in-memory caches."""

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

from shop.postgres.addresses import DIRECT

logger = logging.getLogger(__name__)

HEARTBEAT = 1.0  # seconds between two queries on a quiet connection
TRUST = 2.5  # seconds that a heartbeat is valid
RETRY = 1.0  # seconds between two attempts to connect again

NAME = "botshop listener"  # in pg_stat_activity

Connection = psycopg.Connection[tuple[str]]


class Subscription(NamedTuple):
    """Callbacks of a channel, called in the listener's thread."""

    channel: str
    begin: Callable[[Connection], None]  # after each (re)connect: earlier notifications were missed
    hear: Callable[[str], None]  # with a notification's payload


class Listener:
    """Connection that listens in a thread, once started.

    A notification arrives within milliseconds of the commit. TRUST seconds after the last heartbeat the listener counts
    as disconnected, and caches that depend on it must not be used.
    """

    def __init__(self) -> None:
        self._subscriptions: list[Subscription] = []
        self._trusted_until = 0.0
        self._thread_of: int | None = None

    def subscribe(self, subscription: Subscription) -> None:
        """Add a channel; call this at import time, before the listener starts."""
        self._subscriptions.append(subscription)

    def start(self) -> None:
        """Start the thread, once per process."""
        if self._thread_of != os.getpid():  # a thread does not survive the fork of a web process
            self._thread_of = os.getpid()
            threading.Thread(target=self._listen, name="postgresql-listener", daemon=True).start()

    @property
    def is_listening(self) -> bool:
        """Return whether all notifications until some milliseconds ago were received."""
        return time.monotonic() < self._trusted_until

    def _listen(self) -> None:
        while True:
            self._listen_once()
            time.sleep(RETRY)

    def _listen_once(self) -> None:
        """Listen until the connection ends."""
        try:
            # A pooler in transaction mode does not forward notifications.
            alias = DIRECT if DIRECT in connections.settings else DEFAULT_DB_ALIAS
            parameters = connections[alias].get_connection_params()
            with psycopg.connect(**parameters, autocommit=True, application_name=NAME) as listening:
                self._follow(listening)
        except psycopg.Error as error:
            logger.warning("PostgreSQL's notifications are not heard (%s): caches are off", type(error).__name__)
        except Exception:
            # The thread must not end: no other one would be started.
            logger.exception("PostgreSQL's notifications are not understood: caches are off")
        finally:
            self._trusted_until = 0.0

    def _follow(self, listening: Connection) -> None:
        hear = {subscription.channel: subscription.hear for subscription in self._subscriptions}
        for subscription in self._subscriptions:
            listening.execute(f"LISTEN {subscription.channel}")
            subscription.begin(listening)
        while True:
            asked_at = time.monotonic()
            listening.execute("SELECT 1")
            self._trusted_until = asked_at + TRUST
            for notification in listening.notifies(timeout=HEARTBEAT):
                hear[notification.channel](notification.payload)


listener = Listener()
