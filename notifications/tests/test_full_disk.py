"""Full disk of PostgreSQL or of the worker: a clear error, no partial order, and messages still arrive."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from conftest import Headers, JSONClient, Make
from notifications.models import Notification
from orders.models import Order
from testing.bot_api import DEADLINE, BotAPIServer, refusal, wait_until
from testing.orders import MakeOrder, Snapshot

REPOSITORY = Path(__file__).resolve().parents[2]
CHAT = "-100200300"
# PostgreSQL's own error in the statement that writes an order, raised by a trigger.
FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION full_disk()
"""
ROOM = "DROP FUNCTION full_disk() CASCADE"


@contextmanager
def no_room_in(table: str) -> Iterator[None]:
    """Make PostgreSQL refuse new rows of a table during the block."""
    with connection.cursor() as cursor:
        cursor.execute(FULL.format(table=table))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(ROOM)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["orders_order", "orders_orderitem", "orders_orderevent"])
def test_order_on_a_full_disk_of_postgresql_is_refused_and_can_be_repeated(
    client: JSONClient,
    alice: Headers,
    make_product: Make,
    snapshot: Snapshot,
    caplog: pytest.LogCaptureFixture,
    table: str,
) -> None:
    body = {"items": [{"product_id": make_product(stock=3).pk, "quantity": 1}]}
    headers = alice | {"HTTP_IDEMPOTENCY_KEY": "one-and-the-same-key"}
    client.get("/api/v1/users/me", **alice)  # creates the customer
    before = snapshot()
    with no_room_in(table):
        answer = client.post("/api/v1/orders", body, **headers)
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "busy", "1")
    assert "extend file" not in answer.content.decode() + caplog.text
    lines = [record.getMessage() for record in caplog.records if record.name == "shop.api.problems"]
    assert lines == ["The database did not serve a request: DiskFull"]
    assert snapshot() == before
    assert client.post("/api/v1/orders", body, **headers).status_code == 201
    assert Order.objects.count() == 1


@contextmanager
def worker_on_full_disk(environment: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker that cannot write to its output and log once it has started."""
    with log.open("ab") as file:
        command = [sys.executable, "manage.py", "procrastinate", "worker"]
        worker = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=file, stderr=file)
    try:
        wait_until(lambda: worker.poll() is not None or _workers())
        assert worker.poll() is None, log.read_text()
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (log.stat().st_size, log.stat().st_size))
        yield worker
    finally:
        worker.kill()
        worker.wait(DEADLINE)


def _workers() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM procrastinate_workers")
        return int(cursor.rowcount)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_worker_that_cannot_write_its_log_continues_to_send(
    bot_api: BotAPIServer, make_order: MakeOrder, subprocess_env: dict[str, str], tmp_path: Path
) -> None:
    bot_api.script(CHAT, refusal(403, "Forbidden: bot was kicked"))  # logged as an error
    environment = subprocess_env | {"TELEGRAM_API_URL": bot_api.url, "ADMIN_EMAILS": ""}
    with worker_on_full_disk(environment, tmp_path / "worker.log") as worker:
        for number in (1, 2):
            make_order()
            bot_api.wait_for_calls(number)
        wait_until(lambda: not Notification.objects.filter(status="pending").exists())
        assert worker.poll() is None
    assert list(Notification.objects.order_by("pk").values_list("status", flat=True)) == ["failed", "sent"]
    assert "given up" not in (tmp_path / "worker.log").read_text()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_message_that_cannot_be_printed_is_kept_with_its_error(
    make_order: MakeOrder, subprocess_env: dict[str, str], tmp_path: Path
) -> None:
    environment = subprocess_env | {"TELEGRAM_BOT_TOKEN": "", "MANAGER_CHAT_ID": CHAT}
    with worker_on_full_disk(environment, tmp_path / "worker.log") as worker:
        make_order()
        row = wait_until(lambda: Notification.objects.filter(attempts__gt=0).exclude(last_error="").first())
        assert worker.poll() is None
    assert (row.status, row.last_error) == ("pending", "The message could not be printed: File too large.")
