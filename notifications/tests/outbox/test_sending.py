"""notifications.outbox against a Bot API on the loopback interface: sending, holding, retrying."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings as shop
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from notifications import outbox, texts
from notifications.models import MovedChat, Notification
from orders.models import Order, OrderEvent
from shop.money import money
from shop.telegram import bot_api as telegram
from testing.bot_api import DEADLINE, Answer, BotAPIServer, refusal
from testing.orders import MakeOrder
from testing.plans import plans_of, rows_read
from testing.threads import beside, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]
CHAT = "-100200300"
send = partial(outbox.send_due, "telegram", CHAT)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Set the timeout to half a second instead of ten."""
    impatient = partial(telegram.BotAPI, timeout=(0.5, 0.5))
    bot = telegram.bot
    monkeypatch.setattr(
        telegram,
        "bot",
        lambda: bot() if settings.TELEGRAM_TO_CONSOLE else impatient(shop.TELEGRAM_BOT_TOKEN, shop.TELEGRAM_API_URL),
    )


def number(text: str) -> int:
    """Return the order number in a message."""
    return int(text.partition("№")[2].partition("<")[0])


def rows() -> list[Notification]:
    """List the outbox."""
    return list(Notification.objects.order_by("pk"))


def states() -> list[tuple[str, int]]:
    """List the outbox as status and attempts."""
    return [(row.status, row.attempts) for row in rows()]


def make_due() -> None:
    """Make all pending rows due."""
    Notification.objects.update(next_attempt_at=timezone.now(), held_until=None)


def seconds_to_wait(row: Notification) -> float:
    """Return the seconds until a row is due."""
    return (row.next_attempt_at - timezone.now()).total_seconds()


def test_message_arrives_and_its_id_is_saved(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    order = make_order(comment="<hi> & bye")
    bot_api.script(CHAT, Answer(body=b'{"ok": true, "result": {"message_id": 7001}}'))
    before = timezone.now()
    assert send() is None
    (row,) = rows()
    assert (row.status, row.message_id, row.attempts, row.last_error) == ("sent", 7001, 1, "")
    assert row.sent_at is not None
    assert before <= row.sent_at <= timezone.now()
    (call,) = bot_api.calls
    assert (call.chat_id, call.body["parse_mode"]) == (CHAT, "HTML")
    row.event.order = Order.objects.with_items().get(pk=order.pk)
    assert call.text == texts.html(row)


def test_due_notifications_are_sent_oldest_first(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    orders = [make_order().number for _ in range(12)]
    Notification.objects.filter(event__order=orders[0]).update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    send()
    assert [number(text) for text in bot_api.texts(CHAT)] == orders
    assert states() == [("sent", 1)] * 12


def test_sent_notification_is_not_sent_again(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    make_order()
    send()
    make_due()
    assert send() is None
    assert len(bot_api.calls) == 1


def test_notification_not_due_is_not_sent(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    make_order()
    Notification.objects.update(next_attempt_at=timezone.now() + timedelta(minutes=1))
    assert (send(), outbox.destinations_due(), bot_api.calls) == (None, [], [])


def test_rolled_back_order_is_not_notified(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    with transaction.atomic():
        make_order()
        transaction.set_rollback(True)
    send()
    assert (bot_api.calls, outbox.destinations_due()) == ([], [])


def test_429_holds_all_notifications_of_that_chat(
    bot_api: BotAPIServer, make_order: MakeOrder, settings: Settings
) -> None:
    settings.MANAGER_CHAT_IDS = [CHAT, "42"]
    for _ in range(7):
        make_order()
    bot_api.script(CHAT, refusal(429, "Too Many Requests: retry after 17", retry_after=17))
    assert send() == timedelta(seconds=17)
    waiting = Notification.objects.filter(address=CHAT).order_by("pk")
    assert 16 < seconds_to_wait(waiting[0]) <= 17
    assert waiting[0].last_error == "429: Too Many Requests: retry after 17"
    assert outbox.destinations_due() == [("telegram", "42")]
    assert send() is None
    assert len(bot_api.calls) == 1


def let_the_hold_pass() -> None:
    """End the hold that Telegram has asked for."""
    now = timezone.now()
    Notification.objects.filter(held_until__isnull=False).update(held_until=now, next_attempt_at=now)


def test_held_notifications_are_sent_as_one_message(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    """Telegram accepts about 20 messages a minute per group: on a sale day, single messages would be hours late."""
    orders = [make_order(contact_name=f"Anna <{number}>") for number in range(3)]
    bot_api.script(CHAT, refusal(429, "Too Many Requests: retry after 17", retry_after=17))
    assert send() == timedelta(seconds=17)
    let_the_hold_pass()
    assert send() is None
    _refused, text = bot_api.texts(CHAT)
    assert text == "<b>3 messages that had to wait</b> · Shop\n" + "\n".join(
        f"• New order №{order.number} — Anna &lt;{number}&gt;, {money(order.total, order.currency)}"
        for number, order in enumerate(orders)
    )
    assert states() == [("sent", 2), ("sent", 1), ("sent", 1)]
    assert len({row.message_id for row in rows()}) == 1
    make_order()
    send()
    assert bot_api.texts(CHAT)[2].startswith("<b>New order №")


def test_messages_of_another_kind_are_not_merged_into_the_digest(make_order: MakeOrder) -> None:
    """A manager may be a customer, too; the digest is for managers."""
    for _ in range(4):
        make_order()
    Notification.objects.update(held_until=timezone.now())
    claimed = rows()
    claimed[1].template = claimed[2].template = "shipped"
    batches = outbox._batches(claimed, 30)
    assert [[row.pk for row in batch] for batch in batches] == [[row.pk] for row in claimed]
    claimed[2].template = "order"
    assert [len(batch) for batch in outbox._batches(claimed, 30)] == [1, 1, 2]


def test_refused_digest_loses_no_notification(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    for _ in range(3):
        make_order()
    for _ in range(2):
        bot_api.script(CHAT, refusal(429, "Too Many Requests: retry after 17", retry_after=17))
        assert send() == timedelta(seconds=17)
        assert {row.status for row in rows()} == {"pending"}
        let_the_hold_pass()
    send()
    assert [len(text.splitlines()) for text in bot_api.texts(CHAT)[1:]] == [4, 4]
    assert {row.status for row in rows()} == {"sent"}


def test_missing_chat_fails_all_its_notifications(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    for _ in range(3):
        make_order()
    bot_api.script(CHAT, refusal(429, "Too Many Requests", retry_after=1))
    bot_api.script(CHAT, refusal(403, "Forbidden: bot was kicked"))
    send()
    let_the_hold_pass()
    send()
    told = Notification.objects.filter(address=CHAT).values_list("status", "last_error")
    assert list(told) == [("failed", "403: Forbidden: bot was kicked")] * 3


def test_429_for_days_does_not_fail_the_notification(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    make_order()
    bot_api.script(CHAT, refusal(429, "Too Many Requests", retry_after=3))
    Notification.objects.update(first_attempt_at=timezone.now() - timedelta(days=3), attempts=1000)
    assert send() == timedelta(seconds=3)
    make_due()
    assert send() is None
    assert [row.status for row in rows()] == ["sent"]


def hang(bot_api: BotAPIServer, gate: threading.Event, settings: Settings) -> None:
    bot_api.script(CHAT, Answer(gate=gate, hang_up=True))


def refuse_connections(bot_api: BotAPIServer, gate: threading.Event, settings: Settings) -> None:
    settings.TELEGRAM_API_URL = "http://127.0.0.1:9"


def answering(answer: Answer) -> Callable[[BotAPIServer, threading.Event, Settings], None]:
    return lambda bot_api, gate, settings: bot_api.script(CHAT, answer)


TROUBLE = {
    "500": (answering(refusal(500, "Internal Server Error")), "500: Internal Server Error"),
    "502": (
        answering(Answer(502, b"<html>Bad Gateway", "text/html")),
        "502: this is no answer of the Bot API; is there a proxy or a firewall?",
    ),
    "cut off": (answering(Answer(hang_up=True)), "Telegram could not be reached (RemoteDisconnected)."),
    "refused": (refuse_connections, "Telegram could not be reached (ConnectionRefusedError)."),
    "hung": (hang, "Telegram could not be reached (TimeoutError)."),
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_temporary_error_delays_the_message(
    bot_api: BotAPIServer, make_order: MakeOrder, settings: Settings, trouble: str
) -> None:
    gate, (arrange, sentence) = threading.Event(), TROUBLE[trouble]
    for _ in range(3):
        make_order()
    arrange(bot_api, gate, settings)
    delay = send()
    gate.set()
    assert delay is not None
    assert timedelta(seconds=5) <= delay <= timedelta(seconds=6.25)
    first, *others = rows()
    assert (first.status, first.attempts, first.last_error) == ("pending", 1, sentence)
    assert 4 < seconds_to_wait(first) <= 6.25
    # Rows that were not tried are due, with no attempt counted.
    assert [(row.status, row.attempts, seconds_to_wait(row) <= 0) for row in others] == [("pending", 0, True)] * 2
    settings.TELEGRAM_API_URL = bot_api.url
    make_due()
    assert send() is None
    assert states() == [("sent", 2), ("sent", 1), ("sent", 1)]
    assert [row.last_error for row in rows()] == [""] * 3


def test_failure_within_a_batch_loses_no_notification(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    for _ in range(4):
        make_order()
    fine = Answer(body=b'{"ok": true, "result": {"message_id": 1}}')
    bot_api.script(CHAT, fine, refusal(500, "Oops"))
    send()
    assert states() == [("sent", 1), ("pending", 1), ("pending", 0), ("pending", 0)]
    send()
    assert states() == [("sent", 1), ("pending", 1), ("sent", 1), ("sent", 1)]


def test_new_id_of_a_supergroup_is_used_and_saved(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    make_order()
    bot_api.script(CHAT, refusal(400, "group chat was upgraded", migrate_to_chat_id=-1009876543210))
    assert send() is None
    make_order()
    send()
    assert [call.chat_id for call in bot_api.calls] == [CHAT, "-1009876543210", "-1009876543210"]
    assert states() == [("sent", 1)] * 2
    assert list(MovedChat.objects.values_list("old_chat_id", "new_chat_id")) == [(CHAT, "-1009876543210")]


def test_move_saved_by_another_process_is_used(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    MovedChat.objects.create(old_chat_id=CHAT, new_chat_id="-1001")
    make_order()
    send()
    assert [call.chat_id for call in bot_api.calls] == ["-1001"]


def test_group_that_moves_twice_gets_the_message(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    MovedChat.objects.create(old_chat_id=CHAT, new_chat_id="-1001")
    bot_api.script("-1001", refusal(400, "group chat was upgraded", migrate_to_chat_id=-1002))
    make_order()
    send()
    assert [call.chat_id for call in bot_api.calls] == ["-1001", "-1002"]
    assert MovedChat.objects.get().new_chat_id == "-1002"


def test_retry_after_a_move_uses_the_new_id(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    make_order()
    bot_api.script(CHAT, refusal(400, "group chat was upgraded", migrate_to_chat_id=-1001))
    bot_api.script("-1001", refusal(500, "Oops"))
    assert send() is not None
    make_due()
    send()
    assert [call.chat_id for call in bot_api.calls] == [CHAT, "-1001", "-1001"]
    assert states() == [("sent", 2)]


def test_internal_error_is_logged_and_retried_without_delaying_others(
    bot_api: BotAPIServer, make_order: MakeOrder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = make_order().number, make_order().number
    html = texts.html

    def broken(notification: Notification) -> str:
        if notification.event.order.number == bad:
            raise LookupError("a template went missing")
        return html(notification)

    monkeypatch.setattr(texts, "html", broken)
    assert send() is not None
    assert send() is None
    first, second = rows()
    assert (first.status, first.attempts) == ("pending", 1)
    assert first.last_error == "The shop failed to send it (LookupError); see the log."
    assert seconds_to_wait(first) > 3
    assert (second.status, [number(text) for text in bot_api.texts(CHAT)]) == ("sent", [good])
    (record,) = [record for record in caplog.records if record.name == "notifications.outbox"]
    assert (record.levelno, record.exc_info is not None) == (logging.ERROR, True)
    monkeypatch.setattr(texts, "html", html)
    make_due()
    send()
    assert [number(text) for text in bot_api.texts(CHAT)] == [good, bad]


def test_concurrent_workers_send_each_message_once(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    orders = [make_order().number for _ in range(30)]
    assert together([send] * 4) == [None] * 4
    assert sorted(number(text) for text in bot_api.texts(CHAT)) == orders
    assert states() == [("sent", 1)] * 30


def test_claimed_row_is_not_claimed_by_another_worker(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    make_order()
    gate = threading.Event()
    bot_api.script(CHAT, Answer(gate=gate, body=b'{"ok": true, "result": {"message_id": 1}}'))
    with beside(send) as (sending, _backend):
        bot_api.wait_for_calls(1)
        (row,) = rows()
        meanwhile = (send(), outbox.destinations_due(), len(bot_api.calls))
        gate.set()
        assert sending.result(DEADLINE) is None
    assert (row.status, row.attempts, meanwhile) == ("pending", 1, (None, [], 1))
    assert 100 < seconds_to_wait(row) <= 120


def test_row_of_a_dead_worker_is_due_after_the_lease(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    make_order()
    outbox._claim("telegram", CHAT)  # and then the process is killed
    assert (send(), bot_api.calls) == (None, [])
    Notification.objects.update(next_attempt_at=timezone.now() - timedelta(milliseconds=1))
    assert outbox.destinations_due() == [("telegram", CHAT)]
    send()
    assert states() == [("sent", 2)]


def test_batch_is_found_without_reading_the_whole_backlog(make_order: MakeOrder) -> None:
    order = make_order()
    events = OrderEvent.objects.bulk_create(
        OrderEvent(order=order, kind=OrderEvent.Kind.PLACED, to_status=order.status) for _ in range(2000)
    )
    Notification.objects.bulk_create(
        Notification(event=event, audience="managers", channel="telegram", address=CHAT, template="order")
        for event in events
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE orders_notification, orders_orderevent")
    with CaptureQueriesContext(connection) as queries:
        claimed = outbox._claim("telegram", CHAT)
    assert [row.event_id for row in claimed] == [
        event.pk for event in OrderEvent.objects.order_by("pk")[: outbox.BATCH]
    ]
    with transaction.atomic():
        plans = plans_of([query for query in queries.captured_queries if query["sql"].startswith("SELECT")])
    assert max(rows_read(plan, "orders_notification") for plan in plans) == 2 * outbox.BATCH  # the first few are leased


def test_job_releases_untried_rows_when_its_time_is_over(
    bot_api: BotAPIServer, make_order: MakeOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        make_order()
    monkeypatch.setattr(outbox, "JOB_TIME", timedelta(0))
    assert send() == timedelta(0)
    assert (states(), len(bot_api.calls)) == ([("sent", 1), ("pending", 0), ("pending", 0)], 1)
    assert outbox.destinations_due() == [("telegram", CHAT)]
    assert (send(), send(), send()) == (timedelta(0), timedelta(0), None)
    assert (states(), len(bot_api.calls)) == ([("sent", 1)] * 3, 3)


def test_without_a_bot_the_message_is_printed(make_order: MakeOrder, settings: Settings, capsys: Any) -> None:
    settings.TELEGRAM_TO_CONSOLE = True
    order = make_order()
    send()
    assert f"<b>New order №{order.number}</b>" in capsys.readouterr().out
    assert [(row.status, row.message_id) for row in rows()] == [("sent", 0)]
