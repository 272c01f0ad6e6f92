"""Reads of the catalog use a replica (a real streaming standby) while it is up to date."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import psycopg
import pytest
import requests
from django.db import connection

from catalog.models import Variant
from conftest import Headers, Make
from demo.postgres import programs
from demo.postgres.server import OPTIONS, stop
from testing.bot_api import DEADLINE, wait_until
from testing.web import web

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Standby:
    """A PostgreSQL that follows the test database's server."""

    url: str
    server: "subprocess.Popen[bytes]"

    def ask(self, statement: str) -> object:
        """Run a statement; return the first value of what comes back."""
        with psycopg.connect(self.url, autocommit=True) as there:
            row = there.execute(statement).fetchone()
        return row and row[0]

    def answers(self) -> bool:
        """Tell whether it lets clients in."""
        try:
            return self.ask("SELECT pg_is_in_recovery()") is True
        except psycopg.OperationalError:
            return False


@pytest.fixture
def standby(subprocess_env: dict[str, str], tmp_path: Path) -> Iterator[Standby]:
    """Copy the server of the test database, and have the copy follow it."""
    primary = urlsplit(subprocess_env["DATABASE_URL"])
    data, sockets = tmp_path / "standby", parse_qs(primary.query)["host"][0]
    launcher, owner = programs.launcher(data)
    conninfo = f"host={sockets} user={primary.username} application_name=standby"
    with ExitStack() as stack:
        # Below /tmp, because the path of a socket may have about a hundred bytes.
        own_sockets = Path(sockets).with_name(f"{Path(sockets).name}-standby")
        own_sockets.mkdir()
        stack.callback(own_sockets.rmdir)
        if owner is not None:
            os.chown(own_sockets, *owner)
            os.chown(tmp_path, *owner)
        backup = [programs.binary("pg_basebackup"), "-D", str(data), "-d", conninfo, "-R", "-c", "fast", "--no-sync"]
        subprocess.run([*launcher, *backup], check=True, cwd="/", env=programs.environment(), timeout=DEADLINE)
        program = [programs.binary("postgres"), "-D", str(data), "-k", str(own_sockets), *OPTIONS]
        log = stack.enter_context((tmp_path / "standby.log").open("wb"))
        server = subprocess.Popen([*launcher, *program], stdout=log, stderr=log, cwd="/", env=programs.environment())
        stack.callback(stop, server)
        query = urlencode({"host": str(own_sockets)})
        copy = Standby(f"postgresql://{primary.username}@/{primary.path.lstrip('/')}?{query}", server)
        wait_until(lambda: server.poll() is not None or copy.answers())
        assert server.poll() is None, (tmp_path / "standby.log").read_text()
        yield copy


def caught_up(standby: Standby) -> bool:
    """Tell whether the standby is at the revision of the primary."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM catalog_revision")
        return bool(cursor.fetchone()[0] == standby.ask("SELECT value FROM catalog_revision"))


def readers(standby: Standby) -> object:
    """Count the connections that have last read products on the standby."""
    return standby.ask(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%catalog_product%' AND pid <> pg_backend_pid()"
    )


def test_catalog_is_read_from_the_replica_while_it_is_not_behind(
    standby: Standby, subprocess_env: dict[str, str], make_product: Make, alice: Headers, tmp_path: Path
) -> None:
    tea = make_product(price="1.00", stock=1)
    wait_until(lambda: caught_up(standby))
    environment = subprocess_env | {"DATABASE_REPLICA_URL": standby.url}
    with web(environment, tmp_path / "web.log") as url:

        def price() -> str:
            # A new limit each time: no response of an earlier request is cached.
            answer = requests.get(f"{url}/api/v1/products?max_price={next(numbers)}", timeout=DEADLINE)
            return str(answer.json()["results"][0]["price"])

        numbers = iter(range(1000, 9000))
        wait_until(lambda: price() == "1.00" and readers(standby))

        standby.ask("SELECT pg_wal_replay_pause()")
        Variant.objects.update(price="2.00")
        assert not caught_up(standby)
        wait_until(lambda: price() == "2.00")
        assert {price() for _ in range(10)} == {"2.00"}

        # Orders never ask it: they take the last piece while it stands still.
        order = requests.post(
            f"{url}/api/v1/orders",
            json={"items": [{"product_id": tea.pk, "quantity": 1}], "expected_total": "2.00"},
            headers={"Authorization": alice["HTTP_AUTHORIZATION"]},
            timeout=DEADLINE,
        )
        assert order.status_code == 201

        standby.ask("SELECT pg_wal_replay_resume()")
        wait_until(lambda: caught_up(standby))
        assert price() == "2.00"

        stop(standby.server)
        assert {price() for _ in range(10)} == {"2.00"}
