"""Answers that are not Telegram's, and no answer at all."""

import json
import socket
import threading
from typing import Any

import pytest

from shop.telegram.bot_api import BotAPI
from shop.telegram.errors import (
    PermanentError,
    TemporaryError,
    Unreachable,
)
from shop.tests.telegram.calls import MALFORMED_STATUS, TOKEN, foreign, refused
from testing.bot_api import Answer, BotAPIServer, refusal

BLOCKED = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
MOVED = {"ok": False, "error_code": 400, "description": "Bad Request", "parameters": {"migrate_to_chat_id": -1001}}
SENT = {"ok": True, "result": {"message_id": 7}}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(400, b"<html>400 Bad Request: chat not found</html>", "text/html"),
        Answer(403, b"<html>Forbidden</html>", "text/html"),
        Answer(403, b"Forbidden: bot was blocked by the user", "text/plain"),
        Answer(403, b""),
        Answer(404, b"<html>", "text/html"),
        Answer(407, b"<html>Proxy Authentication Required</html>", "text/html"),
        Answer(429, b"<h1>slow down</h1>", "text/html"),
        Answer(451, b"<html>", "text/html"),
        Answer(502, b"<html><h1>502 Bad Gateway</h1></html>", "text/html"),
        Answer(200, b"<html>a captive portal</html>", "text/html"),
        Answer(200, b""),
        Answer(200, b"[]"),
        Answer(200, b"\xff\xfe"),
        Answer(200, b"[" * 200_000),
        Answer(200, b'{"ok": ' + b"9" * 5000 + b"}"),
        Answer(302, b"", headers={"Location": "/elsewhere"}),
        Answer(raw=b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        # Success, and not of Telegram.
        foreign({"ok": True}),
        foreign({"ok": True, "result": True}),
        foreign({"ok": True, "result": []}),
        foreign({"ok": True, "result": {"status": "alive"}}),
        foreign({"ok": True, "message_id": 7}),
        foreign({"ok": "true", "result": {"message_id": 7}}),
        foreign({"ok": 1, "result": {"message_id": 7}}),
        foreign(SENT, 404),
        foreign(SENT, 500),
        # Refusals, and not of Telegram.
        foreign({"error": "forbidden"}, 403),
        foreign({"ok": False}, 403),
        foreign({"ok": False}, 200),
        foreign({key: value for key, value in BLOCKED.items() if key != "ok"}, 403),
        foreign({key: value for key, value in BLOCKED.items() if key != "error_code"}, 403),
        foreign({key: value for key, value in BLOCKED.items() if key != "description"}, 403),
        foreign(BLOCKED, 200),
        foreign(BLOCKED, 400),
        foreign(BLOCKED | {"ok": None}, 403),
        foreign(BLOCKED | {"error_code": "403"}, 403),
        foreign(BLOCKED | {"error_code": 403.0}, 403),
        foreign(BLOCKED | {"error_code": True}, 403),
        foreign(BLOCKED | {"description": None}, 403),
        foreign(BLOCKED | {"description": ["Forbidden"]}, 403),
        foreign(BLOCKED | {"description": "Access denied by policy"}, 403),
        foreign(MOVED, 200),
        foreign(MOVED | {"ok": True}, 400),
        foreign(MOVED | {"error_code": 403}, 400),
        foreign(MOVED | {"error_code": 403, "description": "no"}, 403),
        foreign({"parameters": {"migrate_to_chat_id": -1001}}, 400),
    ],
    ids=lambda answer: f"{answer.status} {answer.body[:90]!r}{answer.raw[:12]!r}",
)
def test_response_not_from_telegram_is_temporary(server: BotAPIServer, bot: BotAPI, answer: Answer) -> None:
    server.script("42", answer)
    assert type(refused(bot)) is TemporaryError
    assert len(server.calls) == 1  # neither repeated nor sent somewhere else


@pytest.mark.parametrize(
    "answer",
    [Answer(hang_up=True), Answer(raw=b"not HTTP at all\r\n\r\n"), Answer(raw=MALFORMED_STATUS)],
    ids=lambda answer: repr(answer.raw),
)
def test_response_that_is_not_http_is_unreachable(server: BotAPIServer, bot: BotAPI, answer: Answer) -> None:
    server.script("42", answer)
    assert type(refused(bot)) is Unreachable
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("message_id", "kept"),
    [
        (0, 0),
        (2**63 - 1, 2**63 - 1),
        (2**63, None),
        (2**70, None),
        (-1, None),
        (True, None),
        (7.0, None),
        ("7", None),
        (None, None),
        ({}, None),
    ],
    ids=repr,
)
def test_invalid_message_id_is_ignored(server: BotAPIServer, bot: BotAPI, message_id: Any, kept: int | None) -> None:
    server.script("42", foreign({"ok": True, "result": {"message_id": message_id}}))
    assert bot.send_message("42", "hi") == kept


def test_rest_of_a_response_is_not_read_as_the_next_one(server: BotAPIServer, bot: BotAPI) -> None:
    sent = json.dumps(SENT).encode()
    early = b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(sent), sent)
    server.script("42", Answer(raw=early))
    refused(bot)
    server.script("43", refusal(403, "Forbidden: bot was blocked by the user"))
    with pytest.raises(PermanentError):
        bot.send_message("43", "hi")
    assert len({call.client for call in server.calls}) == 2


@pytest.mark.parametrize(
    ("description", "sentence"),
    [
        ("Bad Request:\n2026-11-24 ERROR forged\r\n\u2028x", "400: Bad Request: 2026-11-24 ERROR forged   x"),
        ("Bad Request: a\0b\ud800c\u202ed", "400: Bad Request: a b c d"),
        (f"Bad Request: /bot{TOKEN}/sendMessage", "400: Bad Request: /bot1234567890:[token]/sendMessage"),
        ("Bad Request: " + "x" * 10_000, "400: Bad Request: " + "x" * 287),
    ],
    ids=["line breaks", "what PostgreSQL does not store", "token", "long"],
)
def test_description_is_cleaned_for_log_and_database(
    server: BotAPIServer, bot: BotAPI, description: str, sentence: str
) -> None:
    server.script("42", refusal(400, description))
    assert str(refused(bot)) == sentence


def test_unresponsive_server_is_abandoned_after_the_timeout(server: BotAPIServer, bot: BotAPI) -> None:
    gate = threading.Event()
    server.script("42", Answer(gate=gate, hang_up=True))
    assert str(refused(bot)) == "Telegram could not be reached (TimeoutError)."
    gate.set()


def test_refused_connection_is_temporary() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, so that no other process takes it, and not listening
        with BotAPI(TOKEN, f"http://127.0.0.1:{unused.getsockname()[1]}") as bot:
            assert str(refused(bot)) == "Telegram could not be reached (ConnectionRefusedError)."
