"""Crash and restart of PostgreSQL: web server and worker recover without a restart."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from conftest import Headers
from demo import postgres
from demo.postgres.addresses import PORT
from testing.bot_api import DEADLINE, BotAPIServer, wait_until
from testing.orders import bot_api
from testing.web import REPOSITORY, web
from testing.worker import worker

__all__ = ["bot_api"]  # a fixture
pytestmark = pytest.mark.slow

FURNISH = """
from django.core.management import call_command
from django.db import transaction
from catalog.models import Category, Product, Variant
call_command("migrate", verbosity=0)
category = Category.objects.create(name="Tea", slug="tea")
with transaction.atomic():
    tea = Product.objects.create(category=category, name="Ivan tea", slug="ivan")
    Variant.objects.create(product=tea, sku="IVAN", price="100.00")
"""


class Server:
    """A PostgreSQL that may crash and come back under the same address."""

    def __init__(self, folder: Path) -> None:
        self.data, self.sockets, self.running = folder / "data", folder / "pg", ExitStack()
        self.url = f"postgresql://postgres@:{PORT}/botshop?{urlencode({'host': self.sockets})}"

    def start(self) -> None:
        url = self.running.enter_context(postgres.running(self.data))
        self.sockets.unlink(missing_ok=True)
        self.sockets.symlink_to(*parse_qs(urlsplit(url).query)["host"])

    def crash(self) -> None:
        """Shut down at once: connections are cut, and the next start recovers from the log."""
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
        self.running.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Run a PostgreSQL with a shop that sells one product."""
    server = Server(tmp_path)
    with server.running:
        server.start()
        manage = [sys.executable, "manage.py", "shell", "-v0", "-c", FURNISH]
        subprocess.run(manage, cwd=REPOSITORY, env=variables(server), check=True)
        yield server


def variables(server: Server, **others: str) -> dict[str, str]:
    """Return the environment of the shop's processes."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings", "DATABASE_URL": server.url, **others}


def order(url: str, customer: Headers) -> requests.Response:
    """Order the one product."""
    return requests.post(
        f"{url}/api/v1/orders",
        json={"items": [{"product_id": 1, "quantity": 1}]},
        headers={"Authorization": customer["HTTP_AUTHORIZATION"]},
        timeout=DEADLINE,
    )


def test_orders_and_messages_continue_after_a_crash(
    server: Server, tmp_path: Path, bot_api: BotAPIServer, alice: Headers
) -> None:
    environment, log = variables(server, TELEGRAM_API_URL=bot_api.url), tmp_path / "worker.log"
    with web(environment, tmp_path / "web.log") as url, worker(environment, log) as process:
        assert order(url, alice).status_code == 201
        bot_api.wait_for_calls(1)

        server.crash()
        refused = order(url, alice)
        assert (refused.status_code, refused.json()["code"], refused.headers["Retry-After"]) == (503, "busy", "1")
        assert requests.get(f"{url}/health/ready", timeout=DEADLINE).status_code == 503
        wait_until(lambda: process.poll() is not None or "starts again" in log.read_text(), 2 * DEADLINE)

        server.start()
        assert order(url, alice).status_code == 201  # the very first one
        wait_until(lambda: len(bot_api.calls) == 2, 2 * DEADLINE)
        assert process.poll() is None
        process.terminate()
        assert process.wait(2 * DEADLINE) == 0


def test_start_without_a_database(server: Server, tmp_path: Path, alice: Headers) -> None:
    """The worker exits with an error; the web server logs a warning, and serves once the database is available."""
    server.crash()
    log = tmp_path / "web.log"
    with web(variables(server), log) as url:
        assert "DATABASE_URL: no connection: " in log.read_text()
        assert order(url, alice).status_code == 503
        with worker(variables(server), tmp_path / "worker.log") as process:
            assert process.wait(DEADLINE) == 1
        (sentence,) = (tmp_path / "worker.log").read_text().splitlines()
        assert sentence.startswith("botshop cannot start: DATABASE_URL: no connection: ")
        server.start()
        assert order(url, alice).status_code == 201
