"""Persistent database connections: reused across requests, and replaced when the server has closed them."""

import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import requests
from django.core.signals import request_started
from django.db import OperationalError, ProgrammingError, connection, transaction

from catalog.models import Category
from testing.bot_api import DEADLINE, wait_until
from testing.threads import alone
from testing.web import REPOSITORY, web

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


def after_its_end(*, health_checks: bool) -> bool:
    """Use a connection, have it ended, and use it in the next request; tell whether it is another one then."""
    kept: Future[int] = Future()
    ended = Event()

    def use() -> bool:
        connection.settings_dict = connection.settings_dict | {
            "CONN_MAX_AGE": 3600,
            "CONN_HEALTH_CHECKS": health_checks,
        }
        kept.set_result(backend())
        ended.wait(DEADLINE)
        request_started.send(None)
        return backend() != kept.result()

    with ThreadPoolExecutor(1) as pool:
        used = pool.submit(alone, use)
        end({kept.result(DEADLINE)})
        ended.set()
        return used.result(DEADLINE)


def test_ended_connection_is_replaced() -> None:
    assert after_its_end(health_checks=True)


def test_control_ended_connection_fails_without_a_health_check() -> None:
    with pytest.raises(OperationalError):
        after_its_end(health_checks=False)


def test_open_connection_is_usable_after_an_error() -> None:
    connection.ensure_connection()
    assert connection.is_usable()
    with pytest.raises(ProgrammingError):
        Category.objects.raw("SELECT nonsense")[0]
    assert connection.is_usable()


def test_connection_in_a_failed_transaction_is_not_usable() -> None:
    with transaction.atomic():
        with pytest.raises(ProgrammingError):
            Category.objects.raw("SELECT nonsense")[0]
        assert not connection.is_usable()
        transaction.set_rollback(True)
    assert connection.is_usable()


def test_closed_connection_is_not_usable() -> None:
    connection.ensure_connection()
    connection.connection.close()
    assert not connection.is_usable()
    connection.close()
    assert not connection.is_usable()


def test_web_server_has_timeouts_and_commands_have_none(subprocess_env: dict[str, str]) -> None:
    show = """
import django
from django.db import connection
django.setup()
with connection.cursor() as cursor:
    cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
    print(*cursor.fetchone())
"""

    def shown(program: str) -> str:
        command = [sys.executable, "-c", program]
        return subprocess.check_output(command, cwd=REPOSITORY, env=subprocess_env, encoding="utf-8").strip()

    assert shown(f"import shop.runtime.gunicorn{show}") == "5s 30s"
    assert shown(show) == "0 0"


def test_web_process_survives_closed_connections(subprocess_env: dict[str, str], tmp_path: Path) -> None:
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
