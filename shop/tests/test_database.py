"""Connections are kept from request to request, and replaced when the server has ended them."""

from pathlib import Path
from threading import Event

import pytest
import requests
from django.db import OperationalError, connection, transaction

from catalog.models import Category
from shop.database import close_dead_connections
from shop.tests.bot_api import DEADLINE, wait_until
from shop.tests.threads import beside
from shop.tests.web import web

pytestmark = pytest.mark.django_db(transaction=True)


def backends() -> set[int]:
    """Return the numbers of all connections to the test database but our own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return {pid for (pid,) in cursor.fetchall()}


def end(pids: set[int]) -> None:
    """Have the server end connections, as a restart or a failover does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::integer[]) AS pid", [list(pids)])
    wait_until(lambda: not pids & backends())


def backend() -> int:
    """Return the number of the connection of this thread."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    return int(pid)


def after_its_end(*, looked_at: bool) -> bool:
    """Use a connection, have it ended, and use it again, in a thread; tell whether it is another one then."""
    ended = Event()

    def use() -> bool:
        before = backend()
        ended.wait(DEADLINE)
        if looked_at:
            close_dead_connections()
        return backend() != before

    with beside(use) as (result, pid):
        end({pid})
        ended.set()
        return result.result(DEADLINE)


def test_ended_connection_is_replaced() -> None:
    assert after_its_end(looked_at=True)


def test_control_ended_connection_fails_if_nobody_looks() -> None:
    with pytest.raises(OperationalError):
        after_its_end(looked_at=False)


def test_living_connection_is_kept() -> None:
    before = backend()
    close_dead_connections()
    assert backend() == before


def test_connection_in_a_transaction_is_left_to_fail() -> None:
    """Closing it would silently forget the first half of what belongs together."""
    with transaction.atomic():
        connection.connection.close()
        close_dead_connections()
        with pytest.raises(OperationalError):
            Category.objects.count()
        transaction.set_rollback(True)


def test_web_process_survives_the_end_of_its_connections(subprocess_env: dict[str, str], tmp_path: Path) -> None:
    with web(subprocess_env, tmp_path / "web.log") as url, requests.Session() as browser:

        def ask() -> int:
            return browser.get(f"{url}/api/v1/categories", timeout=DEADLINE).status_code

        assert ask() == 200
        kept = backends()
        assert ask() == 200
        assert kept
        assert backends() & kept  # not a connection for each request
        end(backends())
        assert [ask() for _ in range(4)] == [200] * 4
