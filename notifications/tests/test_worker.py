"""Worker processes (`python -m shop.worker`) killed at the worst moments: no message is lost."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from conftest import Headers, JSONClient, Make
from notifications import tasks
from notifications.models import Notification
from orders.models import Order
from testing.bot_api import DEADLINE, Answer, BotAPIServer, refusal, wait_until
from testing.orders import MakeOrder

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]
REPOSITORY = Path(__file__).resolve().parents[2]
CHAT = "-100200300"
SWEEPERS = ["notifications.sweep", "notifications.tidy"]
Worker = subprocess.Popen[bytes]
StartWorker = Callable[..., Worker]

# Places an order like the web process, and dies after the commit, before the signal.
DIES_AFTER_THE_COMMIT = """
import os, signal, sys
import django
django.setup()
from accounts.models import User
from orders import signals
from orders.placing.cart import Cart
from orders.placing.service import place_order
signals.order_placed.send_robust = lambda **_: os.kill(os.getpid(), signal.SIGKILL)
user = User.objects.get(pk=int(sys.argv[1]))
place_order(user=user, cart=Cart({int(sys.argv[2]): 1}))
"""


# Dispatches the event of an order, and dies before it defers a job.
DIES_AFTER_DISPATCHING = """
import os, signal
import django
django.setup()
from notifications import tasks
tasks.wake = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
tasks.dispatch()
"""


@pytest.fixture
def environment(subprocess_env: dict[str, str], bot_api: BotAPIServer) -> dict[str, str]:
    """Return the environment of a process of the shop that sends to the Bot API of the test."""
    return subprocess_env | {"TELEGRAM_API_URL": bot_api.url, "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def start_worker(environment: dict[str, str], tmp_path: Path) -> Iterator[StartWorker]:
    """Return a function that starts a worker, and returns it once it runs."""
    workers: list[Worker] = []

    def start(**variables: str) -> Worker:
        known = set(worker_ids())
        with (tmp_path / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "shop.worker"],
                cwd=REPOSITORY,
                env=environment | variables,
                stdout=log,
                stderr=log,
            )
        workers.append(worker)
        wait_until(lambda: worker.poll() is not None or set(worker_ids()) - known)
        assert worker.poll() is None, (tmp_path / "worker.log").read_text()
        return worker

    yield start
    for worker in workers:
        kill(worker)


def worker_ids() -> list[int]:
    """List the ids of registered workers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_workers")
        return [worker_id for (worker_id,) in cursor.fetchall()]


def kill(worker: Worker) -> None:
    """Kill a process that this test has started, so that it cannot clean up."""
    worker.kill()
    worker.wait(DEADLINE)


def sent(number: int = 1) -> list[Notification]:
    """Wait until that many notifications are marked as sent, and return them."""
    rows = Notification.objects.filter(status=Notification.Status.SENT)
    return list(wait_until(lambda: list(rows) if rows.count() >= number else None))


def let_the_lease_run_out() -> None:
    """Make the lease expire."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_notification SET next_attempt_at = now() - interval '1 second'")


def held(bot_api: BotAPIServer) -> threading.Event:
    """Make the next response wait for an event."""
    gate = threading.Event()
    bot_api.script(CHAT, Answer(gate=gate, body=b'{"ok": true, "result": {"message_id": 7001}}'))
    return gate


def test_order_placed_over_the_api_arrives(
    client: JSONClient, alice: Headers, make_product: Make, bot_api: BotAPIServer, start_worker: StartWorker
) -> None:
    start_worker()
    body = {"items": [{"product_id": make_product(name="Ivan tea").pk, "quantity": 2}]}
    placed = client.post("/api/v1/orders", body, **alice).json()
    (row,) = sent()
    assert f"New order №{placed['number']}" in bot_api.texts(CHAT)[0]
    assert (row.message_id, row.attempts, len(bot_api.calls)) == (1, 1, 1)
    wait_until(
        lambda: (
            not ProcrastinateJob.objects.exclude(task_name__in=["notifications.sweep", "notifications.tidy"]).exists()
        )
    )


def test_rolled_back_order_is_never_notified(
    bot_api: BotAPIServer, make_order: MakeOrder, make_product: Make, start_worker: StartWorker
) -> None:
    tea = make_product()
    start_worker()
    with transaction.atomic():
        lost = make_order({tea: 1}).number
        transaction.set_rollback(True)
    kept = make_order({tea: 1}).number
    sent()
    assert (f"№{kept}" in bot_api.texts(CHAT)[0], f"№{lost}" in str(bot_api.texts(CHAT))) == (True, False)


def test_worker_killed_before_it_takes_the_job_loses_no_message(
    bot_api: BotAPIServer, make_order: MakeOrder, start_worker: StartWorker
) -> None:
    worker = start_worker()
    worker.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, worker.pid, os.WSTOPPED | os.WNOWAIT)
    make_order()
    kill(worker)
    assert bot_api.calls == []
    start_worker()
    assert [row.attempts for row in sent()] == [1]
    assert len(bot_api.calls) == 1


def test_worker_killed_while_sending_loses_no_message(
    bot_api: BotAPIServer, make_order: MakeOrder, start_worker: StartWorker
) -> None:
    gate, worker = held(bot_api), start_worker()
    order = make_order()
    bot_api.wait_for_calls(1)
    kill(worker)
    gate.set()
    (row,) = Notification.objects.all()
    assert (row.status, row.next_attempt_at > timezone.now() + timedelta(minutes=1)) == ("pending", True)
    let_the_lease_run_out()
    tasks.sweep(0)
    start_worker()
    assert [row.attempts for row in sent()] == [2]
    assert [f"№{order.number}" in text for text in bot_api.texts(CHAT)] == [True, True]


def test_worker_killed_between_send_and_save_sends_again(
    bot_api: BotAPIServer, make_order: MakeOrder, start_worker: StartWorker
) -> None:
    gate, worker = held(bot_api), start_worker()
    make_order()
    bot_api.wait_for_calls(1)
    with transaction.atomic(), connection.cursor() as cursor:
        # The worker gets its response, and waits for the lock of this row.
        Notification.objects.select_for_update().get()
        gate.set()

        def backend_that_waits_for_us() -> Any:
            cursor.execute("SELECT pid FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)) LIMIT 1")
            return cursor.fetchone()

        (backend,) = wait_until(backend_that_waits_for_us)
        kill(worker)
        # Its machine is gone, and with it the connection: otherwise PostgreSQL would execute the last statement.
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [backend])
        assert cursor.fetchone() == (True,)
    assert Notification.objects.get().status == "pending"
    let_the_lease_run_out()
    tasks.sweep(0)
    start_worker()
    assert [(row.attempts, row.message_id) for row in sent()] == [(2, 1)]
    first, second = bot_api.texts(CHAT)
    assert first == second  # at least once: both messages have the same order number


def test_worker_runs_at_lower_cpu_priority(
    bot_api: BotAPIServer, make_order: MakeOrder, start_worker: StartWorker
) -> None:
    gate, worker = held(bot_api), start_worker()
    make_order()
    bot_api.wait_for_calls(1)
    threads = Path(f"/proc/{worker.pid}/task").iterdir()
    assert 10 in {os.getpriority(os.PRIO_PROCESS, int(thread.name)) for thread in threads}
    gate.set()


def test_worker_survives_closed_connections(
    bot_api: BotAPIServer, make_order: MakeOrder, start_worker: StartWorker
) -> None:
    worker = start_worker()
    make_order()
    bot_api.wait_for_calls(1)
    wait_until(lambda: not ProcrastinateJob.objects.exists())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] > 0
    make_order()
    bot_api.wait_for_calls(2)
    assert worker.poll() is None


def test_web_process_killed_between_commit_and_signal_loses_no_message(
    bot_api: BotAPIServer,
    alice_user: User,
    make_product: Make,
    environment: dict[str, str],
    start_worker: StartWorker,
) -> None:
    arguments = [str(alice_user.pk), str(make_product().pk)]
    done = subprocess.run(
        [sys.executable, "-c", DIES_AFTER_THE_COMMIT, *arguments],
        cwd=REPOSITORY,
        env=environment,
        timeout=DEADLINE,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert (Order.objects.count(), ProcrastinateJob.objects.count()) == (1, 0)
    tasks.sweep(0)
    start_worker()
    sent()
    assert f"№{Order.objects.get().number}" in bot_api.texts(CHAT)[0]


def test_worker_killed_between_dispatch_and_wake_loses_no_message(
    bot_api: BotAPIServer, make_order: MakeOrder, environment: dict[str, str], start_worker: StartWorker
) -> None:
    order = make_order()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    done = subprocess.run(
        [sys.executable, "-c", DIES_AFTER_DISPATCHING], cwd=REPOSITORY, env=environment, timeout=DEADLINE, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert (Notification.objects.get().status, ProcrastinateJob.objects.count()) == ("pending", 0)
    tasks.sweep(0)
    start_worker()
    sent()
    assert f"№{order.number}" in bot_api.texts(CHAT)[0]


@pytest.mark.parametrize(("name", "seconds"), [("notifications.sweep", 30), ("notifications.tidy", 300)])
def test_interval_of_periodic_tasks(name: str, seconds: int) -> None:
    (periodic,) = [each for each in app.periodic_registry.periodic_tasks.values() if each.task.name == name]
    now = 1_767_270_086.0  # an odd second of an odd minute
    periodic.croniter.set_current(now)
    times = [periodic.croniter.get_next(float) for _ in range(5)]
    assert times[0] - now <= seconds
    assert {later - earlier for earlier, later in pairwise(times)} == {seconds}


def test_worker_runs_the_sweep(bot_api: BotAPIServer, make_order: MakeOrder, start_worker: StartWorker) -> None:
    make_order()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    start_worker()
    wait_until(lambda: len(bot_api.calls) == 1, 45)


def test_sigterm_waits_for_a_send(bot_api: BotAPIServer, make_order: MakeOrder, start_worker: StartWorker) -> None:
    gate, worker = held(bot_api), start_worker()
    make_order()
    bot_api.wait_for_calls(1)
    worker.send_signal(signal.SIGTERM)
    gate.set()
    assert worker.wait(DEADLINE) == 0
    assert [(row.status, row.message_id) for row in Notification.objects.all()] == [("sent", 7001)]
    assert worker_ids() == []


def test_held_message_is_sent_after_the_hold(
    bot_api: BotAPIServer, make_order: MakeOrder, start_worker: StartWorker
) -> None:
    bot_api.script(CHAT, refusal(429, "Too Many Requests", retry_after=1))
    start_worker()
    make_order()
    assert [row.attempts for row in sent()] == [2]


def test_email_is_sent_when_all_chats_fail(
    bot_api: BotAPIServer, make_order: MakeOrder, start_worker: StartWorker, tmp_path: Path
) -> None:
    bot_api.script(CHAT, refusal(403, "Forbidden: bot was kicked"))
    start_worker(EMAIL_URL="consolemail://")
    make_order()
    (row,) = sent()
    assert (row.channel, row.address) == ("email", "owner@example.org")
    assert "To: owner@example.org" in (tmp_path / "worker.log").read_text()


def test_jobs_of_a_dead_worker_are_deleted(
    bot_api: BotAPIServer, make_order: MakeOrder, start_worker: StartWorker
) -> None:
    gate, worker = held(bot_api), start_worker()
    make_order()
    bot_api.wait_for_calls(1)
    kill(worker)
    gate.set()
    # The sweep may have added a second one; the first is the job of the killed worker.
    stale = ProcrastinateJob.objects.filter(task_name="notifications.send").order_by("pk")[0]
    assert stale.status == "doing"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    tasks.tidy.configure().defer(timestamp=0)
    start_worker()
    wait_until(lambda: not ProcrastinateJob.objects.filter(pk=stale.pk).exists())
    assert Notification.objects.get().status == "pending"  # only the job was deleted, not the notification
