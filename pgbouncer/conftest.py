"""PgBouncer in front of the test database."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from demo.postgres import addresses, programs
from shop.postgres.addresses import TIMEOUTS
from testing.bot_api import DEADLINE, wait_until
from testing.orders import bot_api, empty_queue
from testing.web import free_port

__all__ = ["bot_api", "empty_queue"]  # fixtures of the orders' tests

PGBOUNCER = shutil.which("pgbouncer", path=os.pathsep.join([os.environ["PATH"], "/usr/sbin"]))
# As in docs/deployment.md.
CONNECT_QUERY = "; ".join(f"SET {name} = ''{value}''" for name, value in TIMEOUTS.items())
CONFIGURATION = """
[databases]
* = host={host} port={port} connect_query='{connect_query}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen_port}
unix_socket_dir =
auth_type = trust
auth_file = {users}
admin_users = postgres
pool_mode = {pool_mode}
default_pool_size = 40
query_wait_timeout = 10
server_login_retry = 1
"""
Pooler = Callable[..., AbstractContextManager[str]]


@pytest.fixture
def pooler(transactional_db: None, tmp_path: Path) -> Pooler:
    """Return a function that runs PgBouncer in a pool mode, and yields the URL of the test database behind it."""
    assert PGBOUNCER, "pgbouncer is not installed: apt-get install pgbouncer"
    database = connection.settings_dict

    @contextmanager
    def run(pool_mode: str, connect_query: str = CONNECT_QUERY) -> Iterator[str]:
        port, users, configuration = free_port(), tmp_path / "users.txt", tmp_path / "pgbouncer.ini"
        users.write_text(f'"{database["USER"]}" "{database["PASSWORD"]}"\n')
        configuration.write_text(
            CONFIGURATION.format(
                host=database["HOST"] or database["OPTIONS"]["host"],
                port=database["PORT"] or addresses.PORT,
                connect_query=connect_query,
                listen_port=port,
                users=users,
                pool_mode=pool_mode,
            )
        )
        launcher, _owner = programs.launcher(tmp_path / "none")  # PgBouncer does not run as root either
        with (tmp_path / "pgbouncer.log").open("ab") as log:
            process = subprocess.Popen([*launcher, PGBOUNCER, str(configuration)], stdout=log, stderr=log)
        url = f"postgresql://{database['USER']}@127.0.0.1:{port}/{database['NAME']}"
        try:
            wait_until(lambda: process.poll() is not None or _answers(url))
            assert process.poll() is None, (tmp_path / "pgbouncer.log").read_text()
            yield url
        finally:
            process.terminate()
            process.wait(DEADLINE)

    return run


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True
