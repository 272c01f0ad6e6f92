"""The Bot API client: sending a message."""

import pytest

from shop.telegram import bot_api as telegram
from shop.telegram.bot_api import BotAPI
from shop.tests.telegram.calls import TOKEN
from testing.bot_api import Answer, BotAPIServer


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
