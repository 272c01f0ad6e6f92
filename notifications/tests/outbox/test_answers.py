"""notifications.outbox with unexpected responses (proxies, HTML, odd JSON): no message is lost, staff see the error."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.db.models import F
from pytest_django import Settings

from notifications import outbox, tasks
from notifications.models import MovedChat, Notification
from testing.bot_api import Answer, BotAPIServer, refusal
from testing.orders import MakeOrder

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]
CHAT, OTHER = "-100200300", "42"
send = partial(outbox.send_due, "telegram", CHAT)
BLOCKED = refusal(403, "Forbidden: bot was kicked from the group chat")


def telegram_rows() -> list[Notification]:
    """List the notifications to chats."""
    return list(Notification.objects.filter(channel="telegram").order_by("pk"))


def make_due() -> None:
    """Make all pending rows due."""
    Notification.objects.update(next_attempt_at=F("created_at"), held_until=None)


def age(**passed: float) -> None:
    """Move the first attempts into the past."""
    Notification.objects.update(first_attempt_at=F("first_attempt_at") - timedelta(**passed))


def json_of(status: int, body: Any) -> Answer:
    return Answer(status, json.dumps(body).encode())


IMPOSTORS = {
    "firewall's 403": Answer(403, b"<html>Forbidden</html>", "text/html"),
    "proxy's 404": Answer(404, b"<html>Not Found</html>", "text/html"),
    "proxy's 407": Answer(407, b"<html>Proxy Authentication Required</html>", "text/html"),
    "gateway's JSON": json_of(403, {"ok": False, "error_code": 403, "description": "quota exceeded"}),
    "captive portal's page": Answer(200, b"<html>Sign in</html>", "text/html"),
    "captive portal's JSON": json_of(200, {"ok": True}),
    "forged move": json_of(200, {"parameters": {"migrate_to_chat_id": -666}}),
    "wrong token": refusal(401, "Unauthorized"),
    "wrong address": refusal(404, "Not Found"),
}


@pytest.mark.parametrize("impostor", IMPOSTORS)
def test_message_is_kept_after_an_unexpected_response(
    bot_api: BotAPIServer, make_order: MakeOrder, impostor: str
) -> None:
    for _ in range(5):
        make_order()
    bot_api.always[CHAT] = IMPOSTORS[impostor]
    for _ in range(8):
        assert send() is not None
        make_due()
    assert {row.status for row in telegram_rows()} == {"pending"}
    assert not MovedChat.objects.exists()
    assert telegram_rows()[0].last_error.startswith(f"{IMPOSTORS[impostor].status}: ")
    del bot_api.always[CHAT]
    assert send() is None
    assert {row.status for row in telegram_rows()} == {"sent"}


def test_unexpected_responses_are_retried_for_24_hours(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    make_order()
    bot_api.always[CHAT] = IMPOSTORS["firewall's 403"]
    for hours, status in ((23.9, "pending"), (0.2, "failed")):
        send()
        age(hours=hours)
        make_due()
        send()
        assert telegram_rows()[0].status == status


ODD_429 = [10**30, 2**63, 0, -1, 1.5, True, "9", None, [], {}]


@pytest.mark.parametrize("retry_after", ODD_429, ids=repr)
def test_invalid_retry_after_is_handled(bot_api: BotAPIServer, make_order: MakeOrder, retry_after: Any) -> None:
    make_order()
    body = {"ok": False, "error_code": 429, "description": "Too Many", "parameters": {"retry_after": retry_after}}
    bot_api.script(CHAT, json_of(429, body))
    delay = send()
    assert delay is not None
    assert timedelta(seconds=5) <= delay <= timedelta(hours=1)
    make_due()
    assert send() is None
    assert telegram_rows()[0].status == "sent"


@pytest.mark.parametrize("message_id", [2**70, -1, True, 7.5, "7", None, {}], ids=repr)
def test_message_with_an_invalid_id_is_sent_once(bot_api: BotAPIServer, make_order: MakeOrder, message_id: Any) -> None:
    make_order()
    bot_api.script(CHAT, json_of(200, {"ok": True, "result": {"message_id": message_id}}))
    assert send() is None
    make_due()
    assert send() is None
    (row,) = telegram_rows()
    assert (row.status, row.message_id, len(bot_api.calls)) == ("sent", None, 1)


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "x" * 5000, "\n\n"], ids=ascii)
@pytest.mark.parametrize("status", [400, 500])
def test_unusual_description_is_stored(bot_api: BotAPIServer, make_order: MakeOrder, text: str, status: int) -> None:
    make_order()
    bot_api.script(CHAT, refusal(status, f"Bad Request: {text}"))
    send()
    (row,) = telegram_rows()
    assert row.status == ("failed" if status == 400 else "pending")
    assert row.last_error.startswith(f"{status}: Bad Request: ")


def moves(*chats: int) -> list[Answer]:
    return [refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=chat) for chat in chats]


def lead_in_a_circle(bot_api: BotAPIServer) -> None:
    bot_api.always |= {CHAT: moves(-1001)[0], "-1001": moves(-1002)[0], "-1002": moves(-1001)[0]}


def lead_back(bot_api: BotAPIServer) -> None:
    bot_api.always |= {CHAT: moves(-1001)[0], "-1001": moves(int(CHAT))[0]}


def lead_to_itself(bot_api: BotAPIServer) -> None:
    bot_api.always[CHAT] = moves(int(CHAT))[0]


def lead_on_and_on(bot_api: BotAPIServer) -> None:
    bot_api.always |= {str(-number): moves(-number - 1)[0] for number in range(1000, 1100)}
    bot_api.always[CHAT] = moves(-1000)[0]


@pytest.mark.parametrize("mislead", [lead_in_a_circle, lead_back, lead_to_itself, lead_on_and_on])
def test_endless_moves_are_retried_later(
    bot_api: BotAPIServer, make_order: MakeOrder, mislead: Callable[[BotAPIServer], None]
) -> None:
    make_order()
    mislead(bot_api)
    for _ in range(3):
        before = len(bot_api.calls)
        assert send() is not None
        assert len(bot_api.calls) - before <= 1 + outbox.MAX_MOVES
        assert [(row.status, row.last_error[:8]) for row in telegram_rows()] == [("pending", "The chat")]
        make_due()
    bot_api.always.clear()
    assert send() is None
    assert [row.status for row in telegram_rows()] == ["sent"]


def test_digest_with_a_refused_text_is_sent_as_single_messages(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    """A refused text of one order must not fail the others."""
    for _ in range(3):
        make_order()
    bot_api.script(CHAT, refusal(429, "Too Many Requests", retry_after=1))
    bot_api.script(CHAT, refusal(400, "Bad Request: can't parse entities"))
    bot_api.script(CHAT, refusal(400, "Bad Request: can't parse entities"))
    send()
    Notification.objects.filter(held_until__isnull=False).update(
        held_until=F("created_at"), next_attempt_at=F("created_at")
    )
    assert send() is None
    assert [row.status for row in telegram_rows()] == ["failed", "sent", "sent"]


def test_email_is_sent_when_every_chat_fails_for_minutes(
    bot_api: BotAPIServer, make_order: MakeOrder, settings: Settings
) -> None:
    """A wrong token may be noticed a day later; an order must be noticed at once."""
    settings.MANAGER_CHAT_IDS, settings.ADMIN_EMAILS = [CHAT, OTHER], ["a@example.org", "b@example.org"]
    make_order()
    bot_api.always = {CHAT: IMPOSTORS["wrong token"], OTHER: BLOCKED}
    tasks.send("telegram", OTHER)
    tasks.send("telegram", CHAT)
    age(minutes=9)
    make_due()
    tasks.send("telegram", CHAT)
    assert not Notification.objects.filter(channel="email").exists()
    age(minutes=2)
    make_due()
    for _ in range(2):
        tasks.send("telegram", CHAT)
        make_due()
    for mailbox in settings.ADMIN_EMAILS:
        tasks.send("email", mailbox)
    assert [message.to for message in mail.outbox] == [["a@example.org"], ["b@example.org"]]
    assert [(row.address, row.status) for row in telegram_rows()] == [(CHAT, "pending"), (OTHER, "failed")]


@pytest.mark.parametrize("other", ["sent", "pending"])
def test_no_email_is_sent_while_another_chat_has_it_or_may_get_it(
    bot_api: BotAPIServer, make_order: MakeOrder, settings: Settings, other: str
) -> None:
    settings.MANAGER_CHAT_IDS, settings.ADMIN_EMAILS = [CHAT, OTHER], ["a@example.org"]
    make_order()
    bot_api.always[CHAT] = IMPOSTORS["wrong token"]
    send()
    age(hours=2)
    if other == "sent":
        outbox.send_due("telegram", OTHER)
    Notification.objects.filter(address=CHAT).update(next_attempt_at=F("created_at"))
    send()
    assert not Notification.objects.filter(channel="email").exists()
