"""Job slots of the worker with unresponsive chats; the worker runs in this process with the shop's options."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as shop
from django.db import connection, connections
from django.db.models.functions import Now
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.middleware import SyncCallNext
from procrastinate.worker import Worker
from pytest_django import Settings

from notifications import outbox, tasks
from notifications.job_slots import JobSlots
from notifications.models import Notification
from shop import worker
from shop.telegram import bot_api as telegram
from testing.bot_api import DEADLINE, Answer, BotAPIServer, refusal, wait_until
from testing.orders import MakeOrder
from testing.threads import beside

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]
HUNG, WELL = [f"-{number}" for number in range(1, 7)], "-100"
CHAT = ("telegram", "-100200300")


class Clock:
    """Fake clock that the test moves."""

    now = 1000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Replace the clock of the pauses."""
    clock = Clock()
    monkeypatch.setattr("notifications.job_slots.monotonic", lambda: clock.now)
    return clock


def wait_for_a_call(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Set the timeout of a call."""
    bot = partial(telegram.BotAPI, timeout=(DEADLINE, seconds))
    monkeypatch.setattr(telegram, "bot", lambda: bot(shop.TELEGRAM_BOT_TOKEN, shop.TELEGRAM_API_URL))


@pytest.fixture
def hanging(bot_api: BotAPIServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make six chats unresponsive until they are released, with a short timeout for each."""
    settings.MANAGER_CHAT_IDS = [*HUNG, WELL]
    wait_for_a_call(monkeypatch, 0.5)
    gate = threading.Event()
    bot_api.always |= {chat: Answer(gate=gate, hang_up=True) for chat in HUNG}
    yield bot_api
    gate.set()


async def run_worker(*, wait: bool) -> None:
    """Run jobs, four at a time: until there are none or, with `wait`, until the worker is cancelled."""

    def with_connections_closed(call_next: SyncCallNext, context: JobContext, its_worker: Worker) -> Any:
        try:
            return call_next()
        finally:
            connections.close_all()

    assert isinstance(app.connector, DjangoConnector)
    try:
        async with app.with_connector(app.connector.get_worker_connector()).open_async() as open_app:
            await open_app.run_worker_async(
                wait=wait,
                fetch_job_polling_interval=0.05,
                listen_notify=False,
                install_signal_handlers=False,
                **worker.DEFAULTS | {"task_middleware": [with_connections_closed]},
            )
    finally:
        # Periodic tasks are deferred over Django's connections, in a thread that outlives the worker.
        await sync_to_async(connections.close_all)()


def work() -> None:
    """Run all due jobs."""
    asyncio.run(run_worker(wait=False))


@contextmanager
def working() -> Iterator[None]:
    """Run a worker during the block."""
    loop = asyncio.new_event_loop()
    task = loop.create_task(run_worker(wait=True))

    def run() -> None:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(2 * DEADLINE)


def have_got(bot_api: BotAPIServer, chats: list[str], messages: int) -> bool:
    """Return whether each chat has received that many messages."""
    return [len(bot_api.texts(chat)) for chat in chats] == [messages] * len(chats)


def test_unresponsive_chat_takes_one_slot_only(
    bot_api: BotAPIServer, make_order: MakeOrder, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_a_call(monkeypatch, 2 * DEADLINE)
    settings.MANAGER_CHAT_IDS = ["-1", *(well := ["-2", "-3", "-4", "-5"])]
    gate = threading.Event()
    bot_api.always["-1"] = Answer(gate=gate, hang_up=True)
    with working():
        for orders in range(1, 6):
            make_order()
            wait_until(partial(have_got, bot_api, well, orders))
        assert len(bot_api.texts("-1")) == 1
        gate.set()


def test_unresponsive_chats_are_tried_once_a_pause_and_delay_no_other(
    hanging: BotAPIServer, make_order: MakeOrder, clock: Clock
) -> None:
    for orders in range(1, 6):
        make_order()
        work()
        assert len(hanging.texts(WELL)) == orders
    # For any number of orders: one call per unresponsive chat during the first attempt and the first pause.
    assert [len(hanging.texts(chat)) for chat in HUNG] == [1] * len(HUNG)
    clock.now += 61
    make_order()
    work()
    assert len(hanging.texts(WELL)) == 6
    assert [len(hanging.texts(chat)) for chat in HUNG] == [2] * len(HUNG)


def test_chat_gets_all_its_messages_once_it_responds_again(
    hanging: BotAPIServer, make_order: MakeOrder, clock: Clock
) -> None:
    for _ in range(3):
        make_order()
    work()
    hanging.always.clear()
    Notification.objects.filter(status="pending").update(next_attempt_at=Now())
    clock.now += 61
    tasks.sweep(0)
    work()
    assert set(Notification.objects.values_list("status", flat=True)) == {"sent"}
    assert len(hanging.texts(HUNG[0])) == 1 + 3


def test_chat_has_one_slot_at_a_time(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    """Each order adds a job; while the chat is unresponsive, the worker's other slots stay free."""
    gate = threading.Event()
    bot_api.script(CHAT[1], Answer(gate=gate, body=b'{"ok": true, "result": {"message_id": 1}}'))
    make_order()
    with beside(partial(tasks.send, *CHAT)) as (first, _backend):
        bot_api.wait_for_calls(1)
        for _ in range(3):
            make_order()
            tasks.send(*CHAT)
        assert len(bot_api.calls) == 1
        gate.set()
        first.result(DEADLINE)
    assert len(bot_api.texts(CHAT[1])) == 4


def test_order_placed_at_the_end_of_a_job_wakes_the_chat_again(
    bot_api: BotAPIServer, make_order: MakeOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_due = outbox.send_due

    def send_due_and_meet_an_order(channel: str, recipient: str) -> timedelta | None:
        delay = send_due(channel, recipient)
        if Notification.objects.count() == 1:
            make_order()
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs")
            tasks.send(channel, recipient)  # the order's job finds the chat reserved
        return delay

    monkeypatch.setattr(outbox, "send_due", send_due_and_meet_an_order)
    make_order()
    tasks.send(*CHAT)
    assert len(bot_api.calls) == 1
    work()
    assert len(bot_api.calls) == 2


@pytest.mark.parametrize(
    "answer",
    [refusal(500, "Oops"), refusal(401, "Unauthorized"), Answer(403, b"<html>", "text/html")],
    ids=lambda answer: str(answer.status),
)
def test_error_response_does_not_pause_the_chat(bot_api: BotAPIServer, make_order: MakeOrder, answer: Answer) -> None:
    """An error response comes at once, and the next message may be accepted."""
    make_order()
    make_order()
    bot_api.script(CHAT[1], answer)
    tasks.send(*CHAT)
    tasks.send(*CHAT)
    assert sorted(Notification.objects.values_list("status", flat=True)) == ["pending", "sent"]


def test_destinations_are_reserved_and_paused_independently(clock: Clock) -> None:
    recipients, other = JobSlots(), ("telegram", "42")
    assert [recipients.take(CHAT), recipients.take(CHAT), recipients.take(other)] == [True, False, True]
    assert [recipients.give_back(CHAT), recipients.give_back(other)] == [True, False]
    recipients.pause(CHAT, 30)
    assert [recipients.take(CHAT), recipients.take(other)] == [False, True]
    clock.now += 30
    assert [recipients.take(CHAT), recipients.give_back(CHAT)] == [True, False]
