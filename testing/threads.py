"""Concurrency in tests: threads, each with its own database connection."""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from socketserver import BaseServer
from typing import Any, TypeVar

from django.db import connection, connections

from testing.bot_api import DEADLINE, wait_until

T = TypeVar("T")
Server = TypeVar("Server", bound=BaseServer)


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Run a server in a thread during the block."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def alone(function: Callable[[], T]) -> T:
    """Call a function and close the database connections of its thread."""
    try:
        return function()
    finally:
        connections.close_all()


def together(functions: Iterable[Callable[[], T]]) -> list[T | BaseException]:
    """Call all functions at the same time, each in a thread; return their results or exceptions, in order."""
    functions = list(functions)
    barrier = threading.Barrier(len(functions))

    def at_the_barrier(function: Callable[[], T]) -> T:
        connection.ensure_connection()  # connecting is slow, so before the start
        barrier.wait(DEADLINE)
        return function()

    with ThreadPoolExecutor(len(functions)) as pool:
        futures = [pool.submit(alone, lambda function=each: at_the_barrier(function)) for each in functions]
        return [future.exception(2 * DEADLINE) or future.result() for future in futures]


@contextmanager
def beside(function: Callable[[], T], *, lock_timeout: str = "20s") -> Iterator[tuple["Future[T]", int]]:
    """Run a function in a thread during the block; yields its future and its database backend id."""
    backend: Future[int] = Future()

    def announced() -> T:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{lock_timeout}'")
            cursor.execute("SELECT pg_backend_pid()")
            backend.set_result(cursor.fetchone()[0])
        return function()

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(alone, announced), backend.result(DEADLINE)


def wait_until_blocked(backend: int) -> None:
    """Wait until a backend waits for a lock."""

    def blocked() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [backend])
            return cursor.fetchone()[0]

    wait_until(blocked)
