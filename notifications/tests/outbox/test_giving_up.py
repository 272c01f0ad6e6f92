"""notifications.outbox: failed notifications, back-off, the fallback by e-mail, and secrets in logs."""

import logging
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from notifications import outbox, queue, tasks
from notifications.models import Notification
from testing.bot_api import DEADLINE, Answer, BotAPIServer, refusal
from testing.orders import MakeOrder
from testing.threads import beside, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]
CHAT, OTHER = "-100200300", "42"
BLOCKED = refusal(403, "Forbidden: bot was kicked from the group chat")


def told() -> list[tuple[str, str, str]]:
    """List the outbox."""
    return list(Notification.objects.order_by("pk").values_list("channel", "address", "status"))


def jobs() -> list[dict[str, str]]:
    """List the arguments of the waiting jobs."""
    sends = ProcrastinateJob.objects.filter(task_name="notifications.send")
    return sorted(sends.values_list("args", flat=True), key=str)


@pytest.mark.parametrize(
    "answer",
    [
        BLOCKED,
        refusal(403, "Forbidden: bot was blocked by the user"),
        refusal(400, "Bad Request: chat not found"),
        refusal(400, "Bad Request: message text is empty"),
    ],
    ids=lambda answer: str(answer.status),
)
def test_permanent_error_fails_this_message_only(bot_api: BotAPIServer, make_order: MakeOrder, answer: Answer) -> None:
    for _ in range(3):
        make_order()
    bot_api.script(CHAT, answer)
    assert outbox.send_due("telegram", CHAT) is None
    rows = Notification.objects.filter(channel="telegram").order_by("pk")
    assert [row.status for row in rows] == ["failed", "sent", "sent"]
    description = str(answer.body.decode()).split('"description": "')[1].split('"')[0]
    assert rows[0].last_error == f"{answer.status}: {description}"
    Notification.objects.update(next_attempt_at=timezone.now())
    outbox.send_due("telegram", CHAT)
    assert len(bot_api.calls) == 3  # the first is not retried


@pytest.mark.parametrize(("hours", "status"), [(0, "pending"), (23.99, "pending"), (24, "failed"), (100, "failed")])
def test_temporary_errors_fail_after_24_hours(
    bot_api: BotAPIServer, make_order: MakeOrder, hours: float, status: str
) -> None:
    make_order()
    # Without a worker a row may wait for days; only the time since its first attempt counts.
    started = timezone.now() - timedelta(hours=hours) if hours else None
    Notification.objects.update(first_attempt_at=started, created_at=timezone.now() - timedelta(days=9))
    bot_api.script(CHAT, refusal(500, "Oops"))
    outbox.send_due("telegram", CHAT)
    row = Notification.objects.get(channel="telegram")
    sentence = "500: Oops" if status == "pending" else "Given up after 24 hours. 500: Oops"
    assert (row.status, row.last_error) == (status, sentence)


def test_row_reset_during_an_attempt_does_not_fail(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    make_order()
    Notification.objects.update(first_attempt_at=timezone.now() - timedelta(hours=25))
    gate = threading.Event()
    bot_api.script(CHAT, Answer(500, refusal(500, "Oops").body, gate=gate))
    with beside(partial(outbox.send_due, "telegram", CHAT)) as (sending, _backend):
        bot_api.wait_for_calls(1)
        outbox.send_again(Notification.objects.get())
        gate.set()
        assert sending.result(DEADLINE) is not None
    assert told() == [("telegram", CHAT, "pending")]


def test_backoff_doubles_up_to_half_an_hour_with_jitter() -> None:
    for attempts in [*range(1, 40), 1000, 10**6]:
        shortest = min(5 * 2 ** (min(attempts, 30) - 1), 1800)
        drawn = [outbox.backoff(attempts).total_seconds() for _ in range(20)]
        assert shortest <= min(drawn)
        assert max(drawn) <= shortest * 1.25
        assert len(set(drawn)) > 1


def test_24_hours_are_about_fifty_attempts() -> None:
    # The delays before the last attempt add up to a day; none is longer than 37.5 minutes.
    waited, attempts = timedelta(0), 0
    while waited < outbox.KEEP_TRYING:
        attempts += 1
        delay = outbox.backoff(attempts)
        assert delay <= timedelta(minutes=37.5)
        waited += delay
    assert 40 <= attempts <= 70


def test_every_mailbox_gets_one_email_when_all_chats_fail(
    bot_api: BotAPIServer, make_order: MakeOrder, settings: Settings
) -> None:
    settings.MANAGER_CHAT_IDS, settings.ADMIN_EMAILS = [CHAT, OTHER], ["a@example.org", "b@example.org"]
    order = make_order(comment="<hi> & bye")
    bot_api.script(CHAT, BLOCKED)
    bot_api.script(OTHER, BLOCKED)
    tasks.send("telegram", CHAT)
    assert [channel for channel, _, _ in told()] == ["telegram", "telegram"]
    tasks.send("telegram", OTHER)
    assert sorted(told()) == [
        ("email", "a@example.org", "pending"),
        ("email", "b@example.org", "pending"),
        ("telegram", CHAT, "failed"),
        ("telegram", OTHER, "failed"),
    ]
    assert mail.outbox == []
    to_wake = [job for job in jobs() if job["channel"] == "email"]
    assert [job["address"] for job in to_wake] == ["a@example.org", "b@example.org"]
    for job in to_wake * 2:
        tasks.send(**job)
    assert [message.to for message in mail.outbox] == [["a@example.org"], ["b@example.org"]]
    message = mail.outbox[0]
    assert (message.subject, message.from_email) == (f"New order №{order.number} · Shop", "botshop@localhost")
    assert "> <hi> & bye" in str(message.body).splitlines()
    assert {status for channel, _, status in told() if channel == "email"} == {"sent"}


@pytest.mark.parametrize("later", ["sent", "pending"])
def test_no_email_is_sent_while_one_chat_is_pending(
    bot_api: BotAPIServer, make_order: MakeOrder, settings: Settings, later: str
) -> None:
    settings.MANAGER_CHAT_IDS = [CHAT, OTHER]
    make_order()
    bot_api.script(CHAT, BLOCKED)
    if later == "pending":
        bot_api.script(OTHER, refusal(500, "Oops"))
    for chat in (OTHER, CHAT):
        outbox.send_due("telegram", chat)
    assert sorted(told()) == [("telegram", CHAT, "failed"), ("telegram", OTHER, later)]


def test_concurrent_failures_write_one_set_of_emails(
    bot_api: BotAPIServer, make_order: MakeOrder, settings: Settings
) -> None:
    settings.MANAGER_CHAT_IDS, settings.ADMIN_EMAILS = [CHAT, OTHER], ["a@example.org", "b@example.org"]
    for _ in range(5):
        Notification.objects.all().delete()
        make_order()
        gate = threading.Event()
        for chat in (CHAT, OTHER):
            bot_api.script(chat, Answer(BLOCKED.status, BLOCKED.body, gate=gate))
        before = len(bot_api.calls)

        def open_the_gate(so_many: int = before + 2, gate: threading.Event = gate) -> None:
            bot_api.wait_for_calls(so_many)
            gate.set()

        sends: list[Callable[[], object]] = [partial(outbox.send_due, "telegram", chat) for chat in (CHAT, OTHER)]
        assert together([*sends, open_the_gate]) == [None] * 3
        emails = [recipient for channel, recipient, _ in told() if channel == "email"]
        assert sorted(emails) == ["a@example.org", "b@example.org"]


def test_control_without_the_lock_no_email_is_written(make_order: MakeOrder, settings: Settings) -> None:
    settings.MANAGER_CHAT_IDS = [CHAT, OTHER]
    make_order()
    both_have_looked = threading.Barrier(2)

    def naive(chat: str) -> bool:
        others = Notification.objects.exclude(address=chat).exclude(status="failed").exists()
        both_have_looked.wait(DEADLINE)
        Notification.objects.filter(address=chat).update(status="failed")
        return others

    assert together([partial(naive, CHAT), partial(naive, OTHER)]) == [True, True]  # so no e-mail is written


def test_without_mailboxes_a_failure_is_only_recorded(
    bot_api: BotAPIServer, make_order: MakeOrder, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ADMIN_EMAILS = []
    make_order()
    bot_api.script(CHAT, BLOCKED)
    outbox.send_due("telegram", CHAT)
    (row,) = Notification.objects.all()
    assert row.status == "failed"
    assert f"Notification {row.pk} was given up: 403: Forbidden" in caplog.text


def test_unreachable_mail_server_delays_the_email(make_order: MakeOrder, settings: Settings) -> None:
    settings.MANAGER_CHAT_IDS, settings.ADMIN_EMAILS = [], ["a@example.org"]
    make_order()
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = unused.getsockname()
        assert outbox.send_due("email", "a@example.org") is not None
    row = Notification.objects.get()
    assert (row.status, row.last_error) == ("pending", "The mail server did not take it (ConnectionRefusedError).")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Notification.objects.update(next_attempt_at=timezone.now())
    outbox.send_due("email", "a@example.org")
    assert [message.to for message in mail.outbox] == [["a@example.org"]]


def test_task_is_deferred_by_the_retry_after_of_telegram(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    make_order()
    bot_api.script(CHAT, refusal(429, "Too Many Requests", retry_after=600))
    tasks.send("telegram", CHAT)
    later = ProcrastinateJob.objects.get(scheduled_at__isnull=False)
    assert later.args == {"channel": "telegram", "address": CHAT}
    assert later.scheduled_at is not None
    assert 590 < (later.scheduled_at - timezone.now()).total_seconds() <= 600


def test_task_defers_another_when_its_time_is_over(
    bot_api: BotAPIServer, make_order: MakeOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        make_order()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    monkeypatch.setattr(outbox, "JOB_TIME", timedelta(0))
    tasks.send("telegram", CHAT)
    (job,) = ProcrastinateJob.objects.filter(task_name="notifications.send")
    assert (job.args, job.scheduled_at) == ({"channel": "telegram", "address": CHAT}, None)


def test_order_placed_during_a_hold_waits_too(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    make_order()
    bot_api.script(CHAT, refusal(429, "Too Many Requests", retry_after=600))
    outbox.send_due("telegram", CHAT)
    make_order()
    outbox.send_due("telegram", CHAT)
    assert len(bot_api.calls) == 1


def test_waking_an_address_many_times_defers_one_job(make_order: MakeOrder) -> None:
    for _ in range(3):
        make_order()
    together([partial(queue.wake, "telegram", CHAT)] * 5)
    assert jobs() == [{"channel": "telegram", "address": CHAT}]


def test_send_again_resets_the_notification(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    make_order()
    bot_api.script(CHAT, BLOCKED)
    outbox.send_due("telegram", CHAT)
    row = Notification.objects.get(channel="telegram")
    Notification.objects.update(first_attempt_at=timezone.now() - timedelta(days=3))
    outbox.send_again(row)
    row.refresh_from_db()
    assert (row.status, row.attempts, row.first_attempt_at, row.last_error) == ("pending", 0, None, "")
    outbox.send_due("telegram", CHAT)
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("sent", 1)


FAILURES: dict[str, Any] = {
    "401": refusal(401, "Unauthorized"),
    "429": refusal(429, "Too Many Requests", retry_after=1),
    "500": refusal(500, "Oops"),
    "502": Answer(502, b"<html>", "text/html"),
    "moved": refusal(400, "upgraded", migrate_to_chat_id=-1001),
    "redirect": Answer(302, headers={"Location": "/bot-elsewhere"}),
    "cut off": Answer(hang_up=True),
    "no HTTP": Answer(raw=b"what?\r\n\r\n"),
    "refused": None,
}


@pytest.mark.parametrize("failure", FAILURES)
def test_token_is_neither_in_the_outbox_nor_in_the_log(
    bot_api: BotAPIServer,
    make_order: MakeOrder,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    failure: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    make_order()
    if FAILURES[failure] is None:
        settings.TELEGRAM_API_URL = "http://127.0.0.1:9"
    else:
        bot_api.script(CHAT, FAILURES[failure])
    with beside(partial(tasks.send, "telegram", CHAT)) as (sending, _backend):
        sending.result(DEADLINE)
    written = [caplog.text, *capfd.readouterr(), *Notification.objects.values_list("last_error", flat=True)]
    secret = settings.TELEGRAM_BOT_TOKEN.partition(":")[2]
    assert [text for text in written if secret in text] == []
