"""Refusals of the Bot API, by what they mean for the next attempt."""

from typing import Any

import pytest

from shop.telegram.bot_api import BotAPI
from shop.telegram.errors import (
    ChatMoved,
    Misconfigured,
    PermanentError,
    TemporaryError,
    TooManyRequests,
)
from shop.tests.telegram.calls import foreign, refused
from testing.bot_api import BotAPIServer, refusal


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
