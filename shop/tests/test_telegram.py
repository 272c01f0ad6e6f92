"""The Bot API client, against a server on the loopback interface."""

import json
import logging
import os
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from shop.telegram import bot_api as telegram
from shop.telegram.bot_api import BotAPI, Console
from shop.telegram.errors import (
    ChatMoved,
    Misconfigured,
    PermanentError,
    TelegramError,
    TemporaryError,
    TooManyRequests,
    Unreachable,
)
from testing.bot_api import Answer, BotAPIServer, refusal
from testing.threads import serving

TOKEN = "1234567890:a-synthetic-token-that-must-stay-secret"
REPOSITORY = Path(__file__).resolve().parents[2]
MALFORMED_STATUS = b"HTTP/1.1 abc OK\r\nContent-Length: 2\r\n\r\n{}"
MALFORMED_HEADERS = b"HTTP/1.1 200 OK\r\nno header at all\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
def server() -> Iterator[BotAPIServer]:
    """Run a Bot API."""
    with serving(BotAPIServer()) as server:
        yield server


@pytest.fixture
def bot(server: BotAPIServer) -> Iterator[BotAPI]:
    """Return a client with a short timeout."""
    with BotAPI(TOKEN, server.url, timeout=(0.5, 0.5)) as bot:
        yield bot


def refused(bot: BotAPI) -> TelegramError:
    """Send a message that fails; return the error."""
    with pytest.raises(TelegramError) as caught:
        bot.send_message("42", "hi")
    return caught.value


def test_message_is_posted_as_html_and_its_id_returned(server: BotAPIServer, bot: BotAPI) -> None:
    server.script("-100", Answer(body=b'{"ok": true, "result": {"message_id": 7001}}'))
    assert bot.send_message("-100", "<b>№1</b> & 🍵") == 7001
    (call,) = server.calls
    assert call.path == f"/bot{TOKEN}/sendMessage"
    assert call.body == {"chat_id": "-100", "text": "<b>№1</b> & 🍵", "parse_mode": "HTML"}


def test_each_message_acquires_the_rate_limiter(bot: BotAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[bool] = []
    monkeypatch.setattr(telegram.RATE_LIMITER, "acquire", lambda: turns.append(True))
    bot.send_message("1", "hi")
    bot.send_message("2", "hi")
    assert len(turns) == 2


def test_one_connection_serves_many_messages(server: BotAPIServer, bot: BotAPI) -> None:
    for _ in range(3):
        bot.send_message("1", "hi")
    assert len({call.client for call in server.calls}) == 1


def test_proxies_of_the_environment_are_not_used(
    server: BotAPIServer, bot: BotAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert bot.send_message("1", "hi") == 1


def foreign(body: Any, status: int = 200) -> Answer:
    """Make a JSON answer of any form."""
    return Answer(status, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("parameters", "seconds"),
    [
        ({"retry_after": 17}, 17),
        ({"retry_after": 10**30}, 10**30),
        ({}, 5),
        ({"retry_after": 0}, 5),
        ({"retry_after": -3}, 5),
        ({"retry_after": "9"}, 5),
        ({"retry_after": 1.5}, 5),
        ({"retry_after": True}, 5),
        ({"retry_after": None}, 5),
        ([17], 5),
        ("17", 5),
        (None, 5),
    ],
)
def test_429_has_the_retry_after_of_the_chat(server: BotAPIServer, bot: BotAPI, parameters: Any, seconds: int) -> None:
    body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": parameters}
    server.script("42", foreign(body, 429))
    error = refused(bot)
    assert isinstance(error, TooManyRequests)
    assert error.retry_after == seconds


def test_moved_group_has_its_new_id(server: BotAPIServer, bot: BotAPI) -> None:
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    server.script("42", refusal(400, text, migrate_to_chat_id=-1009876543210))
    error = refused(bot)
    assert isinstance(error, ChatMoved)
    assert error.new_chat_id == -1009876543210


@pytest.mark.parametrize("new_id", [0, 77, -(2**70), 2**70, True, -1.5, "-1001", None, [-1001], {}], ids=repr)
def test_move_to_an_invalid_id_is_temporary(server: BotAPIServer, bot: BotAPI, new_id: Any) -> None:
    description = "Bad Request: group chat was upgraded to a supergroup chat"
    parameters = {"migrate_to_chat_id": new_id}
    body = {"ok": False, "error_code": 400, "description": description, "parameters": parameters}
    server.script("42", foreign(body, 400))
    assert type(refused(bot)) is TemporaryError


@pytest.mark.parametrize(
    ("status", "description"),
    [
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: message text is empty"),
        (400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
        (400, "Bad Request: not enough rights to send text messages to the chat"),
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: bot was kicked from the supergroup chat"),
        (403, "Forbidden: user is deactivated"),
    ],
)
def test_error_about_chat_or_text_is_permanent(
    server: BotAPIServer, bot: BotAPI, status: int, description: str
) -> None:
    server.script("42", refusal(status, description))
    error = refused(bot)
    assert type(error) is PermanentError
    assert str(error) == f"{status}: {description}"
    assert error.status == status


@pytest.mark.parametrize(
    ("status", "description"),
    [
        (400, "Logged out"),
        (413, "Request Entity Too Large"),
        (500, "Internal Server Error"),
    ],
)
def test_other_errors_are_temporary(server: BotAPIServer, bot: BotAPI, status: int, description: str) -> None:
    server.script("42", refusal(status, description))
    error = refused(bot)
    assert type(error) is TemporaryError
    assert str(error) == f"{status}: {description}"


@pytest.mark.parametrize(
    ("status", "description"),
    [
        (401, "Unauthorized"),
        (404, "Not Found"),
        (404, "Not Found: method not found"),
        (409, "Conflict: terminated by other getUpdates request"),
    ],
)
def test_error_about_token_or_webhook_is_misconfigured(
    server: BotAPIServer, bot: BotAPI, status: int, description: str
) -> None:
    """The operator can fix it."""
    server.script("42", refusal(status, description))
    error = refused(bot)
    assert type(error) is Misconfigured
    assert isinstance(error, TemporaryError)
    assert str(error) == f"{status}: {description}"


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


FAILURES = [
    refusal(401, "Unauthorized"),
    refusal(429, "Too Many Requests", retry_after=3),
    Answer(502, b"<html>", "text/html"),
    Answer(302, b"", headers={"Location": "/elsewhere"}),
    Answer(hang_up=True),
    Answer(raw=b"not HTTP at all\r\n\r\n"),
]


@pytest.mark.parametrize("answer", FAILURES, ids=lambda answer: f"{answer.status} {answer.raw[:8]!r}")
def test_token_is_neither_in_the_error_nor_in_the_log(
    server: BotAPIServer, bot: BotAPI, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script("42", answer)
    error = refused(bot)
    logging.getLogger(__name__).error("as a caller would", exc_info=error)
    assert "synthetic-token" not in "".join(traceback.format_exception(error)) + repr(error) + caplog.text


def test_token_is_not_logged_for_an_answer_with_malformed_headers(
    server: BotAPIServer, bot: BotAPI, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script("42", Answer(raw=MALFORMED_HEADERS))
    refused(bot)
    assert "synthetic-token" not in caplog.text


SENTRY_EVENT = """
import logging, os
import sentry_sdk
from shop.runtime import logs
from shop.telegram import bot_api as telegram
from shop.telegram import errors
logs.start_sentry("http://key@127.0.0.1:9/1")
sent = []
sentry_sdk.get_client().transport.capture_envelope = sent.append
try:
    telegram.BotAPI(os.environ["TOKEN"], os.environ["URL"]).send_message("42", "hi")
except errors.TelegramError:
    logging.getLogger("orders").exception("given up")
print(*(envelope.serialize().decode() for envelope in sent))
"""


def test_token_does_not_reach_sentry(server: BotAPIServer) -> None:
    server.script("42", refusal(401, "Unauthorized"))
    done = subprocess.run(
        [sys.executable, "-c", SENTRY_EVENT],
        cwd=REPOSITORY,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "testing.settings", "URL": server.url, "TOKEN": TOKEN},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "given up" in done.stdout
    assert "synthetic-token" not in done.stdout


def test_without_a_bot_messages_are_printed(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.TELEGRAM_TO_CONSOLE = True
    with telegram.bot() as console:
        assert isinstance(console, Console)
        assert console.send_message("1000000002", "<b>New order №1</b>") == 0
    printed = capsys.readouterr().out
    assert "1000000002" in printed
    assert "<b>New order №1</b>" in printed


PRINTED = """
import sys
from shop.telegram import bot_api as telegram
from shop.telegram import errors
try:
    telegram.Console().send_message("42", "hi")
except errors.TemporaryError as error:
    sys.stderr.write(str(error))
"""


def test_full_disk_is_a_temporary_error_of_a_printed_message() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", PRINTED],
            cwd=REPOSITORY,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "testing.settings"},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,  # Python itself complains at its end
        )
    assert done.stderr.startswith("The message could not be printed: No space left on device.")


def test_with_a_bot_messages_go_to_the_configured_server(server: BotAPIServer, settings: Settings) -> None:
    settings.TELEGRAM_TO_CONSOLE = False
    settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_API_URL = TOKEN, server.url
    with telegram.bot() as bot:
        bot.send_message("42", "hi")
    assert server.calls[0].path == f"/bot{TOKEN}/sendMessage"
