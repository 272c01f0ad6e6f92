"""The Bot API client, against a server on the loopback interface."""

import logging
import os
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from shop import telegram
from shop.telegram import BotAPI, ChatMoved, Console, PermanentError, TelegramError, TemporaryError, TooManyRequests
from shop.tests.bot_api import Answer, BotAPIServer, refusal

TOKEN = "1234567890:a-synthetic-token-that-must-stay-secret"
REPOSITORY = Path(__file__).resolve().parents[2]
MALFORMED_HEADERS = b"HTTP/1.1 200 OK\r\nno header at all\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
def server() -> Iterator[BotAPIServer]:
    """Run a Bot API."""
    with BotAPIServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def bot(server: BotAPIServer) -> Iterator[BotAPI]:
    """Return a client that loses patience soon."""
    with BotAPI(TOKEN, server.url, timeout=(0.5, 0.5)) as bot:
        yield bot


def refused(bot: BotAPI) -> TelegramError:
    """Send a message that is not taken; return the error."""
    with pytest.raises(TelegramError) as caught:
        bot.send_message("42", "hi")
    return caught.value


def test_message_is_posted_as_html_and_its_id_returned(server: BotAPIServer, bot: BotAPI) -> None:
    server.script("-100", Answer(body=b'{"ok": true, "result": {"message_id": 7001}}'))
    assert bot.send_message("-100", "<b>№1</b> & 🍵") == 7001
    (call,) = server.calls
    assert call.path == f"/bot{TOKEN}/sendMessage"
    assert call.body == {"chat_id": "-100", "text": "<b>№1</b> & 🍵", "parse_mode": "HTML"}


def test_each_message_waits_for_its_turn(bot: BotAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[bool] = []
    monkeypatch.setattr(telegram.PACE, "wait", lambda: turns.append(True))
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


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (refusal(429, "Too Many Requests: retry after 17", retry_after=17), 17),
        (refusal(429, "Too Many Requests"), 5),
        (refusal(429, "Too Many Requests", retry_after=0), 5),
        (Answer(429, b"<h1>slow down</h1>", "text/html"), 5),
        (Answer(429, b'{"ok": false, "error_code": 429, "parameters": {"retry_after": "9"}}'), 5),
    ],
)
def test_429_says_how_long_the_chat_must_rest(server: BotAPIServer, bot: BotAPI, answer: Answer, seconds: int) -> None:
    server.script("42", answer)
    error = refused(bot)
    assert isinstance(error, TooManyRequests)
    assert error.retry_after == seconds


def test_group_that_became_a_supergroup_gives_its_new_id(server: BotAPIServer, bot: BotAPI) -> None:
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    server.script("42", refusal(400, text, migrate_to_chat_id=-1009876543210))
    error = refused(bot)
    assert isinstance(error, ChatMoved)
    assert error.new_chat_id == -1009876543210


@pytest.mark.parametrize(
    ("status", "description"),
    [
        (400, "Bad Request: chat not found"),
        (401, "Unauthorized"),
        (403, "Forbidden: bot was blocked by the user"),
        (404, "Not Found"),
    ],
)
def test_refusals_that_will_not_change_are_permanent(
    server: BotAPIServer, bot: BotAPI, status: int, description: str
) -> None:
    server.script("42", refusal(status, description))
    error = refused(bot)
    assert type(error) is PermanentError
    assert str(error) == f"{status}: {description}"


@pytest.mark.parametrize(
    "answer",
    [
        refusal(500, "Internal Server Error"),
        Answer(502, b"<html><h1>502 Bad Gateway</h1></html>", "text/html"),
        Answer(200, b"<html>a captive portal</html>", "text/html"),
        Answer(200, b""),
        Answer(200, b"[]"),
        Answer(200, b"\xff\xfe"),
        Answer(200, b'{"ok": true}'),
        Answer(200, b'{"ok": true, "result": {"message_id": "7"}}'),
        Answer(200, b'{"ok": "true", "result": {"message_id": 7}}'),
        Answer(302, b"", headers={"Location": "/elsewhere"}),
        Answer(hang_up=True),
        Answer(raw=b"not HTTP at all\r\n\r\n"),
    ],
    ids=lambda answer: f"{answer.status} {answer.body[:20]!r}{answer.raw[:8]!r}{answer.hang_up or ''}",
)
def test_what_may_be_better_later_is_temporary(server: BotAPIServer, bot: BotAPI, answer: Answer) -> None:
    server.script("42", answer)
    assert type(refused(bot)) is TemporaryError
    assert len(server.calls) == 1  # neither repeated nor sent somewhere else


def test_a_server_that_never_answers_is_left_after_the_timeout(server: BotAPIServer, bot: BotAPI) -> None:
    gate = threading.Event()
    server.script("42", Answer(gate=gate, hang_up=True))
    assert str(refused(bot)) == "Telegram could not be reached (ReadTimeout)."
    gate.set()


def test_nobody_listening_is_temporary() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, so that nobody else takes it, and not listening
        with BotAPI(TOKEN, f"http://127.0.0.1:{unused.getsockname()[1]}") as bot:
            assert str(refused(bot)) == "Telegram could not be reached (ConnectionError)."


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
from shop import logs, telegram
logs.start_sentry("http://key@127.0.0.1:9/1")
sent = []
sentry_sdk.get_client().transport.capture_envelope = sent.append
try:
    telegram.BotAPI(os.environ["TOKEN"], os.environ["URL"]).send_message("42", "hi")
except telegram.TelegramError:
    logging.getLogger("orders").exception("given up")
print(*(envelope.serialize().decode() for envelope in sent))
"""


def test_token_does_not_reach_sentry(server: BotAPIServer) -> None:
    server.script("42", refusal(401, "Unauthorized"))
    done = subprocess.run(
        [sys.executable, "-c", SENTRY_EVENT],
        cwd=REPOSITORY,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "shop.settings_test", "URL": server.url, "TOKEN": TOKEN},
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


def test_with_a_bot_messages_go_to_the_configured_server(server: BotAPIServer, settings: Settings) -> None:
    settings.TELEGRAM_TO_CONSOLE = False
    settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_API_URL = TOKEN, server.url
    with telegram.bot() as bot:
        bot.send_message("42", "hi")
    assert server.calls[0].path == f"/bot{TOKEN}/sendMessage"
