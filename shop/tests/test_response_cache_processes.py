"""The response cache of two web processes: they see each commit, with and without their listeners."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from django.db import connection

from catalog.models import Category, Product, Variant
from conftest import Make
from testing.bot_api import DEADLINE, wait_until
from testing.listening import listeners
from testing.web import web


def prices(url: str, product: Product, number: int = 12) -> list[tuple[int, str | None]]:
    """Ask so many times, each over a new connection, so that both processes get their share."""
    answers = [requests.get(f"{url}/api/v1/products/{product.pk}", timeout=DEADLINE) for _ in range(number)]
    return [(answer.status_code, answer.json().get("price")) for answer in answers]


@pytest.mark.django_db(transaction=True)
def test_two_processes_see_a_commit(subprocess_env: dict[str, str], make_product: Make, tmp_path: Path) -> None:
    tea = make_product(price="1.00")
    with web(subprocess_env, tmp_path / "web.log", workers=2) as url:
        wait_until(lambda: prices(url, tea) and len(listeners()) == 2)
        assert set(prices(url, tea)) == {(200, "1.00")}
        Variant.objects.update(price="2.00")
        wait_until(lambda: set(prices(url, tea)) == {(200, "2.00")})
        assert set(prices(url, tea, 40)) == {(200, "2.00")}
        Category.objects.update(is_active=False)
        wait_until(lambda: {status for status, _ in prices(url, tea)} == {404})


@contextmanager
def no_new_connections() -> Iterator[None]:
    """Refuse new connections to the test database during the block; open ones stay."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection._nodb_cursor() as elsewhere:  # PostgreSQL does not let one say this of the database one is in
        elsewhere.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            yield
        finally:
            elsewhere.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@pytest.mark.django_db(transaction=True)
def test_two_processes_without_listeners_serve_no_old_data(
    subprocess_env: dict[str, str], make_product: Make, tmp_path: Path
) -> None:
    tea, log = make_product(price="1.00"), tmp_path / "web.log"
    with web(subprocess_env, log, workers=2) as url:
        wait_until(lambda: prices(url, tea) and len(listeners()) == 2)
        with no_new_connections():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid, 10000) FROM unnest(%s::integer[]) AS pid", [[*listeners()]]
                )
            wait_until(lambda: log.read_text().count("notifications are not heard") >= 2)
            end = time.monotonic() + DEADLINE
            for number in range(2, 6):
                Variant.objects.update(price=f"{number}.00")
                # A thread without a connection gets none, and responds with an error: all requests of a turn may meet
                # such threads. No response has an old price.
                answers = set(prices(url, tea))
                while answers == {(503, None)}:
                    assert time.monotonic() < end
                    answers |= set(prices(url, tea))
                assert answers <= {(200, f"{number}.00"), (503, None)}
        wait_until(lambda: len(listeners()) == 2)
        assert json.loads(requests.get(f"{url}/api/v1/products/{tea.pk}", timeout=DEADLINE).text)["price"] == "5.00"
