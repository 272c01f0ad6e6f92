"""The bot's token stays out of errors, logs and Sentry."""

import logging
import os
import subprocess
import sys
import traceback

import pytest

from shop.telegram.bot_api import BotAPI
from shop.tests.telegram.calls import MALFORMED_HEADERS, TOKEN, refused
from testing.bot_api import Answer, BotAPIServer, refusal
from testing.web import REPOSITORY

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
