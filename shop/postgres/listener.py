"""Hear PostgreSQL's notifications (LISTEN) in a thread of each process, so that caches in memory can be kept true."""

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

HEARTBEAT = 1.0  # seconds between two signs of life on a quiet connection
TRUST = 2.5  # seconds that a sign of life is good for
RETRY = 1.0  # seconds between two attempts to connect again

NAME = "botshop listener"  # in pg_stat_activity

Connection = psycopg.Connection[tuple[str]]


class Subscription(NamedTuple):
    """A channel, and what to call about it, in the listener's thread."""

    channel: str
    begin: Callable[[Connection], None]  # each time that listening begins: what came before was not heard
    hear: Callable[[str], None]  # a notification's payload


class Listener:
    """A connection that listens, once it was started.

    A commit's notification arrives within milliseconds. After TRUST seconds without a sign of life the listener counts
    as deaf, and nothing that depends on it may be believed.
    """

    def __init__(self) -> None:
        self._subscriptions: list[Subscription] = []
        self._trusted_until = 0.0
        self._thread_of: int | None = None

    def subscribe(self, subscription: Subscription) -> None:
        """Hear one more channel; call it while the module is loaded, before anything listens."""
        self._subscriptions.append(subscription)

    def start(self) -> None:
        """Begin to listen, unless this process does already."""
        if self._thread_of != os.getpid():  # a thread does not survive the fork of a web process
            self._thread_of = os.getpid()
            threading.Thread(target=self._listen, name="postgresql-listener", daemon=True).start()

    @property
    def is_listening(self) -> bool:
        """Tell whether all that was committed until some milliseconds ago has been heard."""
        return time.monotonic() < self._trusted_until

    def _listen(self) -> None:
        while True:
            self._listen_once()
            time.sleep(RETRY)

    def _listen_once(self) -> None:
        """Listen until the connection ends."""
        try:
            # A pooler in transaction mode would pass no notifications on.
            alias = DIRECT if DIRECT in connections.settings else DEFAULT_DB_ALIAS
            parameters = connections[alias].get_connection_params()
            with psycopg.connect(**parameters, autocommit=True, application_name=NAME) as listening:
                self._follow(listening)
        except psycopg.Error as error:
            logger.warning("PostgreSQL's notifications are not heard (%s): caches are off", type(error).__name__)
        except Exception:
            # The thread must not end: nothing would start another one.
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
