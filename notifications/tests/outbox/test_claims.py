"""notifications.outbox with two workers on one notification, and with wrong clocks."""

import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from notifications import outbox, tasks
from notifications.models import Notification
from notifications.tests.test_admin import NOTIFICATIONS
from shop.outbound import mail
from shop.telegram import bot_api as telegram
from testing.bot_api import DEADLINE, Answer, BotAPIServer, refusal
from testing.orders import MakeOrder
from testing.threads import beside, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]
CHAT = "-100200300"
send = partial(outbox.send_due, "telegram", CHAT)
SENT = Answer(body=b'{"ok": true, "result": {"message_id": 7001}}')

LATE_ANSWERS = {
    "success": SENT,
    "blocked": refusal(403, "Forbidden: bot was kicked"),
    "wrong text": refusal(400, "Bad Request: can't parse entities"),
    "429": refusal(429, "Too Many Requests", retry_after=3000),
    "500": refusal(500, "Oops"),
    "hung up": Answer(hang_up=True),
}


def states() -> list[tuple[str, str, int]]:
    """List the outbox."""
    return list(Notification.objects.order_by("pk").values_list("channel", "status", "attempts"))


def let_leases_run_out() -> None:
    """Make the leases expire."""
    Notification.objects.update(next_attempt_at=F("next_attempt_at") - Notification.LEASE)


def gated(answer: Answer, gate: threading.Event) -> Answer:
    return Answer(answer.status, answer.body, gate=gate, hang_up=answer.hang_up)


@pytest.mark.parametrize("late", LATE_ANSWERS)
def test_worker_with_an_expired_lease_does_not_change_a_sent_row(
    bot_api: BotAPIServer, make_order: MakeOrder, late: str
) -> None:
    for _ in range(3):
        make_order()
    gate = threading.Event()
    bot_api.script(CHAT, gated(LATE_ANSWERS[late], gate))
    with beside(send) as (slow, _backend):
        bot_api.wait_for_calls(1)
        let_leases_run_out()
        assert send() is None
        gate.set()
        slow.result(DEADLINE)
    assert states() == [("telegram", "sent", 2)] * 3
    assert [row.last_error for row in Notification.objects.all()] == [""] * 3


@pytest.mark.parametrize("late", ["429", "500", "hung up"])
def test_worker_with_an_expired_lease_does_not_release_a_row_of_another(
    bot_api: BotAPIServer, make_order: MakeOrder, late: str
) -> None:
    for _ in range(3):
        make_order()
    first, second = threading.Event(), threading.Event()
    bot_api.script(CHAT, gated(LATE_ANSWERS[late], first), gated(SENT, second))
    with beside(send) as (slow, _backend):
        bot_api.wait_for_calls(1)
        let_leases_run_out()
        with beside(send) as (other, _backend_of_other):
            bot_api.wait_for_calls(2)
            first.set()
            slow.result(DEADLINE)
            assert outbox.destinations_due() == []
            second.set()
            assert other.result(DEADLINE) is None
    assert states() == [("telegram", "sent", 2)] * 3
    assert len(bot_api.calls) == 4


def test_row_reset_during_sending_is_marked_as_sent(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    """A notification that staff reset while it is being sent is marked as sent, and not sent again."""
    make_order()
    gate = threading.Event()
    bot_api.script(CHAT, gated(SENT, gate))
    with beside(send) as (sending, _backend):
        bot_api.wait_for_calls(1)
        outbox.send_again(Notification.objects.get())
        gate.set()
        assert sending.result(DEADLINE) is None
    assert send() is None
    assert (states(), len(bot_api.calls)) == ([("telegram", "sent", 0)], 1)


@pytest.mark.parametrize("late", ["blocked", "wrong text", "429", "500", "hung up"])
def test_row_reset_by_staff_stays_reset(bot_api: BotAPIServer, make_order: MakeOrder, late: str) -> None:
    make_order()
    gate = threading.Event()
    bot_api.script(CHAT, gated(LATE_ANSWERS[late], gate))
    with beside(send) as (sending, _backend):
        bot_api.wait_for_calls(1)
        outbox.send_again(Notification.objects.get())
        gate.set()
        sending.result(DEADLINE)
    send()  # unless the same job has sent it
    assert states() == [("telegram", "sent", 1)]


def test_concurrent_failure_and_reset_leave_a_consistent_row(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    make_order()
    bot_api.always[CHAT] = LATE_ANSWERS["blocked"]
    for _ in range(10):
        row = Notification.objects.get(channel="telegram")
        outbox.send_again(row)
        together([send, partial(outbox.send_again, row)])
        row.refresh_from_db()
        # In either order: a failed row has its error, a reset row is due without attempts and error.
        assert (row.status, bool(row.last_error), row.attempts) in [("failed", True, 1), ("pending", False, 0)]


def test_longest_job_ends_within_the_lease() -> None:
    longest_call = telegram.CALL_TIMEOUT + 2 * telegram.CONNECT_TIMEOUT  # two IP addresses, IPv6 and IPv4
    longest_email = mail.SESSION_TIMEOUT + 2 * settings.EMAIL_TIMEOUT
    longest_send = max((1 + outbox.MAX_MOVES) * longest_call, longest_email)
    assert outbox.JOB_TIME.total_seconds() + longest_send < Notification.LEASE.total_seconds()


def test_released_row_has_no_attempt_counted(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    """The 24 hours of retries of a claimed and released row have not started."""
    for _ in range(3):
        make_order()
    bot_api.script(CHAT, LATE_ANSWERS["500"])
    send()
    tried, *others = Notification.objects.order_by("pk")
    assert tried.first_attempt_at is not None
    assert [(row.attempts, row.first_attempt_at) for row in others] == [(0, None)] * 2


CLOCKS = [timedelta(days=3), timedelta(days=-3), timedelta(days=400)]


@pytest.fixture
def wrong_clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a wrong clock in this process, for Django and for the queue; PostgreSQL's is right."""

    error: timedelta = request.param

    def now() -> datetime:
        return datetime.now(UTC) + error

    monkeypatch.setattr("django.utils.timezone.now", now)
    monkeypatch.setattr("procrastinate.utils.utcnow", now)


@pytest.mark.parametrize("wrong_clock", CLOCKS, ids=str, indirect=True)
@pytest.mark.usefixtures("wrong_clock")
@pytest.mark.parametrize(("hours", "status"), [(0, "pending"), (23.9, "pending"), (24.1, "failed")])
def test_24_hours_are_counted_by_one_clock(
    bot_api: BotAPIServer, make_order: MakeOrder, hours: float, status: str
) -> None:
    make_order()
    bot_api.always[CHAT] = LATE_ANSWERS["500"]
    send()
    Notification.objects.update(first_attempt_at=F("first_attempt_at") - timedelta(hours=hours), next_attempt_at=Now())
    send()
    assert Notification.objects.get(channel="telegram").status == status


@pytest.mark.parametrize("wrong_clock", CLOCKS, ids=str, indirect=True)
@pytest.mark.usefixtures("wrong_clock")
def test_next_attempt_is_planned_by_one_clock(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    make_order()
    bot_api.script(CHAT, refusal(429, "Too Many Requests", retry_after=600))
    tasks.send("telegram", CHAT)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at - next_attempt_at BETWEEN '0 s' AND '1 min',"
            " next_attempt_at - statement_timestamp() BETWEEN '500 s' AND '600 s'"
            " FROM procrastinate_jobs, orders_notification WHERE scheduled_at IS NOT NULL"
        )
        assert cursor.fetchall() == [(True, True)]


@pytest.mark.parametrize("wrong_clock", CLOCKS, ids=str, indirect=True)
@pytest.mark.usefixtures("wrong_clock")
def test_reset_row_is_due_at_once(bot_api: BotAPIServer, make_order: MakeOrder, office: Client) -> None:
    make_order()
    bot_api.script(CHAT, LATE_ANSWERS["blocked"])
    send()
    Notification.objects.filter(channel="telegram").update(first_attempt_at=Now() - timedelta(days=2))
    row = Notification.objects.get(channel="telegram")
    office.post(NOTIFICATIONS, {"action": "send_again", "_selected_action": [row.pk]})
    assert ProcrastinateJob.objects.filter(args={"channel": "telegram", "address": CHAT}).exists()
    assert send() is None
    assert ("telegram", "sent", 1) in states()
