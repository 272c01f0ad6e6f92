"""Messages of a demo without a bot, which are printed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from shop.telegram import bot_api as telegram
from shop.telegram.bot_api import Console
from shop.tests.telegram.calls import TOKEN
from testing.bot_api import BotAPIServer
from testing.web import REPOSITORY


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
