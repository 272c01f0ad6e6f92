"""Control of PostgreSQL listeners in tests: start and disconnect."""

import os
import threading

from django.db import connection

from shop.postgres.listener import NAME, Listener
from testing.bot_api import wait_until


def listening_begins(listener: Listener) -> threading.Thread:
    """Run a listener until its connection ends; return once it listens."""
    listener._thread_of = os.getpid()  # prevents a thread that would reconnect, and outlive the test
    thread = threading.Thread(target=listener._listen_once)
    thread.start()
    wait_until(lambda: listener.is_listening)
    return thread


def listeners() -> set[int]:
    """Return the backend ids of all listeners."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE application_name = %s", [NAME])
        return {pid for (pid,) in cursor.fetchall()}


def end_listeners() -> None:
    """Disconnect all listeners."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid, 10000) FROM unnest(%s::integer[]) AS pid", [[*listeners()]])
