"""The shop behind PgBouncer: in session mode, and in transaction mode with DATABASE_DIRECT_URL."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import requests
from django.db import connection

from catalog.models import Variant
from conftest import Make, SignIn
from notifications.models import Notification
from pgbouncer.conftest import Pooler
from shop.postgres.addresses import TIMEOUTS
from testing.bot_api import DEADLINE, BotAPIServer, wait_until
from testing.listening import listeners
from testing.web import REPOSITORY, web
from testing.worker import worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]
MODES = pytest.mark.parametrize("pool_mode", ["session", "transaction"])
ORDERS = 60

TIMEOUTS_OF_THE_WEB_SERVER = """
import json, shop.runtime.gunicorn, django
from django.db import connection
django.setup()
with connection.cursor() as cursor:
    cursor.execute("SELECT name, current_setting(name) FROM unnest(%s::text[]) AS name", [json.loads(input())])
    print(json.dumps(dict(cursor.fetchall())))
"""


def addresses(subprocess_env: dict[str, str], pooler_url: str, pool_mode: str) -> dict[str, str]:
    """Return the environment of the shop behind the pooler."""
    direct = subprocess_env["DATABASE_URL"] if pool_mode == "transaction" else ""
    return subprocess_env | {"DATABASE_URL": pooler_url, "DATABASE_DIRECT_URL": direct}


# Another client uses the server connection in between, with the time zone of the database.
TIME_ZONE_OF_THE_WEB_SERVER = """
import shop.runtime.gunicorn, django, psycopg, sys
from django.db import connection
django.setup()
for _ in range(3):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_setting('TimeZone')")
        print(*cursor.fetchone())
    with psycopg.connect(sys.argv[1]) as other:
        print(*other.execute("SELECT pg_backend_pid(), current_setting('TimeZone')").fetchone())
"""


def run(*command: str, environment: dict[str, str], text: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a Python program with the shop's settings until it exits."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=REPOSITORY,
        env=environment,
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=2 * DEADLINE,
        check=False,
    )


def queries(pooler_url: str) -> int:
    """Return the number of queries that the pooler has sent to the test database."""
    console = f"{pooler_url.rpartition('/')[0]}/pgbouncer"
    with psycopg.connect(console, autocommit=True, cursor_factory=psycopg.ClientCursor) as admin:
        cursor = admin.execute("SHOW STATS")
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
    return sum(int(row["total_query_count"]) for row in rows if row["database"] == connection.settings_dict["NAME"])


@MODES
def test_orders_are_notified_and_reads_are_served(
    pool_mode: str,
    pooler: Pooler,
    subprocess_env: dict[str, str],
    make_product: Make,
    sign_in: SignIn,
    bot_api: BotAPIServer,
    tmp_path: Path,
) -> None:
    product, log = make_product(stock=ORDERS + 1), tmp_path / "web.log"
    with pooler(pool_mode) as pooler_url:
        environment = addresses(subprocess_env, pooler_url, pool_mode) | {"TELEGRAM_API_URL": bot_api.url}
        with web(environment, log, workers=2) as url, worker(environment, tmp_path / "worker.log"):

            def shop_once(number: int) -> list[int]:
                """Read uncached pages, place an order, and read the order."""
                headers = {"Authorization": sign_in(2000 + number, "Alice")["HTTP_AUTHORIZATION"]}
                body = {"items": [{"product_id": product.pk, "quantity": 1}]}
                with requests.Session() as browser:
                    answers = [
                        browser.get(f"{url}/api/v1/products?search=product&page_size={number + 1}", timeout=DEADLINE),
                        browser.post(f"{url}/api/v1/orders", json=body, headers=headers, timeout=DEADLINE),
                        browser.get(f"{url}/api/v1/orders/my", headers=headers, timeout=DEADLINE),
                    ]
                return [answer.status_code for answer in answers]

            with ThreadPoolExecutor(8) as pool:
                assert [*pool.map(shop_once, range(ORDERS))] == [[200, 201, 200]] * ORDERS
            bot_api.wait_for_calls(ORDERS)
            wait_until(lambda: Notification.objects.filter(status="sent").count() == ORDERS)
            wait_until(lambda: len(listeners()) == 2)
    assert Variant.objects.get(product=product).stock == 1
    assert "ERROR" not in log.read_text()
    assert "ERROR" not in (tmp_path / "worker.log").read_text()


def test_cached_catalog_sends_no_query_in_transaction_mode(
    pooler: Pooler, subprocess_env: dict[str, str], make_product: Make, tmp_path: Path
) -> None:
    product = make_product(price="100.00")
    with pooler("transaction") as pooler_url:
        environment = addresses(subprocess_env, pooler_url, "transaction")
        with web(environment, tmp_path / "web.log") as url:

            def price() -> str:
                return str(requests.get(f"{url}/api/v1/products/{product.pk}", timeout=DEADLINE).json()["price"])

            def is_in_memory() -> bool:
                before = queries(pooler_url)
                assert price() == "100.00"
                return queries(pooler_url) == before

            wait_until(is_in_memory)
            before = queries(pooler_url)
            assert {price() for _ in range(20)} == {"100.00"}
            assert queries(pooler_url) == before
            Variant.objects.filter(product=product).update(price="7.00")
            wait_until(lambda: price() == "7.00")


@MODES
def test_timeouts_of_the_web_server_are_set(pool_mode: str, pooler: Pooler, subprocess_env: dict[str, str]) -> None:
    with pooler(pool_mode) as pooler_url:
        environment = addresses(subprocess_env, pooler_url, pool_mode)
        shown = run("-c", TIMEOUTS_OF_THE_WEB_SERVER, environment=environment, text=json.dumps([*TIMEOUTS]))
        wanted = TIMEOUTS | {"idle_in_transaction_session_timeout": "1min"}
        assert json.loads(shown.stdout) == wanted, shown.stderr
        checked = run("manage.py", "check", "--database", "default", environment=environment)
        assert (checked.returncode, checked.stderr) == (0, "")


def test_time_zone_is_kept_in_transaction_mode(pooler: Pooler, subprocess_env: dict[str, str]) -> None:
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} SET TimeZone = 'Asia/Tokyo'")
    with pooler("transaction") as pooler_url:
        environment = addresses(subprocess_env, pooler_url, "transaction")
        shown = run("-c", TIME_ZONE_OF_THE_WEB_SERVER, pooler_url, environment=environment)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} RESET TimeZone")
    backends, zones = zip(*map(str.split, shown.stdout.splitlines()), strict=True)
    assert zones == ("UTC", "Asia/Tokyo") * 3, shown.stderr
    assert len(set(backends)) == 1  # both clients used it


def test_check_warns_of_a_pooler_without_timeouts(pooler: Pooler, subprocess_env: dict[str, str]) -> None:
    with pooler("transaction", connect_query="SET lock_timeout = ''5s''") as pooler_url:
        environment = addresses(subprocess_env, pooler_url, "transaction")
        checked = run("manage.py", "check", "--database", "default", "--fail-level", "WARNING", environment=environment)
    assert checked.returncode == 1
    assert "requests have no statement_timeout, idle_in_transaction_session_timeout" in checked.stderr
    assert "connect_query = \"SET statement_timeout = '30s'; SET idle" in checked.stderr


@pytest.mark.parametrize("variable", ["DATABASE_URL", "DATABASE_DIRECT_URL"])
@pytest.mark.parametrize("command", [("-m", "shop.serve"), ("-m", "shop.worker"), ("manage.py", "migrate")])
def test_listening_process_behind_transaction_mode_does_not_start(
    command: tuple[str, ...], variable: str, pooler: Pooler, subprocess_env: dict[str, str]
) -> None:
    with pooler("transaction") as pooler_url:
        ended = run(*command, environment=subprocess_env | {"DATABASE_URL": pooler_url, variable: pooler_url})
    assert ended.returncode == 1
    assert f"{variable}: leads to a pooler in transaction mode" in ended.stderr
    assert "set DATABASE_DIRECT_URL to the address of PostgreSQL itself" in ended.stderr
    assert "Traceback" not in ended.stderr
