"""A client's token, its failing calls, and odd answers."""

import json
from typing import Any

import pytest

from shop.telegram.bot_api import BotAPI
from shop.telegram.errors import (
    TelegramError,
)
from testing.bot_api import Answer

TOKEN = "1234567890:a-synthetic-token-that-must-stay-secret"
MALFORMED_STATUS = b"HTTP/1.1 abc OK\r\nContent-Length: 2\r\n\r\n{}"
MALFORMED_HEADERS = b"HTTP/1.1 200 OK\r\nno header at all\r\nContent-Length: 2\r\n\r\n{}"


def refused(bot: BotAPI) -> TelegramError:
    """Send a message that fails; return the error."""
    with pytest.raises(TelegramError) as caught:
        bot.send_message("42", "hi")
    return caught.value


def foreign(body: Any, status: int = 200) -> Answer:
    """Make a JSON answer of any form."""
    return Answer(status, json.dumps(body).encode())
