"""The dispatcher: notifications of events, and the jobs that it defers."""

import logging
import threading
from collections.abc import Iterator
from functools import partial

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from accounts.models import User
from conftest import Headers, JSONClient
from notifications import dispatcher, tasks
from notifications.models import Notification
from orders.events import Message
from orders.lifecycle import change_status
from orders.models import Order, OrderEvent
from testing.bot_api import DEADLINE
from testing.orders import MakeOrder
from testing.threads import beside, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]
CHATS = ["-1", "-2"]
TO_CHATS = [{"channel": "telegram", "address": chat} for chat in CHATS]
MANAGERS = "notifications.audiences.managers"
CUSTOMER = f"{__name__}.customer"


@pytest.fixture(autouse=True)
def _two_chats(settings: Settings) -> None:
    settings.MANAGER_CHAT_IDS, settings.ADMIN_EMAILS = CHATS, ["a@example.org"]


def customer(event: OrderEvent) -> Iterator[Message]:
    """Subscriber that notifies the customer."""
    yield Message("customer", "telegram", str(event.order.user.telegram_id), "order", "ru")


def broken(event: OrderEvent) -> Iterator[Message]:
    """Subscriber that fails after its first message, with an aborted transaction."""
    yield from customer(event)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


def too_long(event: OrderEvent) -> Iterator[Message]:
    """Subscriber whose language no column holds."""
    yield Message("customer", "telegram", "1", "order", "zh-Hant-TW-x-long")


def rows() -> list[tuple[int, str, str]]:
    """List the outbox."""
    return list(Notification.objects.order_by("pk").values_list("event_id", "audience", "address"))


def jobs(task: str) -> list[dict[str, str]]:
    """List the arguments of the jobs of a task, and empty the queue."""
    found = list(ProcrastinateJob.objects.filter(task_name=task).order_by("pk").values_list("args", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    return found


def test_new_order_wakes_the_dispatcher_which_wakes_every_chat(make_order: MakeOrder) -> None:
    order = make_order()
    assert (jobs("notifications.dispatch"), rows()) == ([{}], [])
    tasks.dispatch()
    assert jobs("notifications.send") == TO_CHATS
    event = order.events.get()
    assert rows() == [(event.pk, "managers", "-1"), (event.pk, "managers", "-2")]
    (row, _) = Notification.objects.order_by("pk")
    assert (row.channel, row.template, row.language, row.status) == ("telegram", "order", "en", "pending")
    assert event.dispatched_at is not None


def test_many_orders_wake_the_dispatcher_once(make_order: MakeOrder) -> None:
    for _ in range(3):
        make_order()
    assert jobs("notifications.dispatch") == [{}]


def test_chat_configured_twice_is_notified_once(make_order: MakeOrder, settings: Settings) -> None:
    settings.MANAGER_CHAT_IDS = ["-1", "2", "-1"]
    make_order()
    dispatcher.dispatch()
    assert sorted(address for _, _, address in rows()) == ["-1", "2"]


def test_mailbox_with_special_characters_is_notified(make_order: MakeOrder, settings: Settings) -> None:
    settings.MANAGER_CHAT_IDS, settings.ADMIN_EMAILS = [], [r'"\{o\'neil,%s%%"@example.org']
    make_order()
    dispatcher.dispatch()
    assert [address for _, _, address in rows()] == settings.ADMIN_EMAILS


def test_shop_without_managers_dispatches_to_no_address(make_order: MakeOrder, settings: Settings) -> None:
    settings.MANAGER_CHAT_IDS = settings.ADMIN_EMAILS = []
    make_order()
    assert (dispatcher.dispatch(), rows()) == ([], [])
    assert not OrderEvent.objects.undispatched().exists()


@pytest.mark.parametrize("to", ["confirmed", "cancelled"])
def test_status_changed_by_staff_wakes_no_manager(make_order: MakeOrder, boss: User, to: str) -> None:
    order = make_order()
    tasks.dispatch()
    jobs("notifications.send")
    change_status(order_id=order.pk, to=to, actor=boss)
    tasks.dispatch()
    assert (len(rows()), jobs("notifications.send")) == (len(CHATS), [])


def test_order_cancelled_by_its_customer_wakes_every_manager(
    client: JSONClient, alice: Headers, make_order: MakeOrder
) -> None:
    order = make_order()
    tasks.dispatch()
    jobs("notifications.send")
    assert client.post(f"/api/v1/orders/{order.pk}/cancel", **alice).status_code == 200
    tasks.dispatch()
    assert jobs("notifications.send") == TO_CHATS
    assert Notification.objects.filter(event__to_status="cancelled").count() == len(CHATS)


def test_event_is_dispatched_once(make_order: MakeOrder) -> None:
    make_order()
    assert dispatcher.dispatch() == [("telegram", "-1"), ("telegram", "-2")]
    assert dispatcher.dispatch() == []
    assert len(rows()) == len(CHATS)


def test_every_subscriber_is_called(make_order: MakeOrder, settings: Settings) -> None:
    settings.ORDER_SUBSCRIBERS = [MANAGERS, CUSTOMER]
    order = make_order()
    dispatcher.dispatch()
    assert sorted((audience, address) for _, audience, address in rows()) == [
        ("customer", str(order.user.telegram_id)),
        ("managers", "-1"),
        ("managers", "-2"),
    ]


def test_failing_subscriber_delays_its_own_messages_only(
    make_order: MakeOrder, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ORDER_SUBSCRIBERS = [f"{__name__}.broken", MANAGERS]
    events = [make_order().events.get(), make_order().events.get()]
    dispatcher.dispatch()
    assert rows() == [(event.pk, "managers", chat) for event in events for chat in CHATS]
    assert list(OrderEvent.objects.undispatched().order_by("pk")) == events
    assert [record.levelno for record in caplog.records if record.name == "notifications.dispatcher"] == [
        logging.ERROR
    ] * 2
    Notification.objects.update(status="sent")
    monkeypatch.setitem(globals(), "broken", customer)
    dispatcher.dispatch()
    assert not OrderEvent.objects.undispatched().exists()
    assert Notification.objects.filter(audience="managers", status="sent").count() == 4
    assert Notification.objects.filter(audience="customer", status="pending").count() == 2


def test_row_that_no_column_holds_delays_its_subscriber_only(make_order: MakeOrder, settings: Settings) -> None:
    settings.ORDER_SUBSCRIBERS = [f"{__name__}.too_long", MANAGERS]
    event = make_order().events.get()
    dispatcher.dispatch()
    assert rows() == [(event.pk, "managers", chat) for chat in CHATS]
    assert list(OrderEvent.objects.undispatched()) == [event]


def test_failing_events_do_not_block_later_ones(
    make_order: MakeOrder, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "BATCH", 2)
    settings.ORDER_SUBSCRIBERS = [f"{__name__}.broken"]
    for _ in range(3):
        make_order()
    dispatcher.dispatch()
    settings.ORDER_SUBSCRIBERS = [f"{__name__}.broken", MANAGERS]
    make_order()
    dispatcher.dispatch()
    assert Notification.objects.filter(audience="managers").count() == 4 * len(CHATS)


def test_concurrent_dispatchers_write_each_notification_once(make_order: MakeOrder) -> None:
    events = [make_order().events.get().pk for _ in range(30)]
    together([dispatcher.dispatch] * 4)
    assert sorted(event for event, _, _ in rows()) == sorted(events * len(CHATS))
    assert not OrderEvent.objects.undispatched().exists()


def test_dispatcher_skips_locked_events(make_order: MakeOrder, settings: Settings) -> None:
    first = make_order().events.get()
    entered, gate = threading.Event(), threading.Event()

    def slow(event: OrderEvent) -> Iterator[Message]:
        entered.set()
        gate.wait(DEADLINE)
        yield from customer(event)

    globals()["slow"] = slow
    settings.ORDER_SUBSCRIBERS = [f"{__name__}.slow"]
    with beside(partial(dispatcher.dispatch)) as (dispatching, _backend):
        assert entered.wait(DEADLINE)
        settings.ORDER_SUBSCRIBERS = [CUSTOMER]
        second = make_order().events.get()
        dispatcher.dispatch()
        meanwhile = [event for event, _, _ in rows()]
        gate.set()
        dispatching.result(DEADLINE)
    assert (meanwhile, sorted(event for event, _, _ in rows())) == ([second.pk], [first.pk, second.pk])


def test_deleted_order_is_no_error(make_order: MakeOrder) -> None:
    Order.objects.filter(pk=make_order().pk).delete()
    assert dispatcher.dispatch() == []


def test_sweep_processes_events_of_a_dead_process(make_order: MakeOrder) -> None:
    make_order()
    jobs("notifications.dispatch")  # these are lost
    tasks.sweep(0)
    assert jobs("notifications.send") == TO_CHATS
