"""A Bot API on the loopback interface, and its client."""

from collections.abc import Iterator

import pytest

from shop.telegram.bot_api import BotAPI
from shop.tests.telegram.calls import TOKEN
from testing.bot_api import BotAPIServer
from testing.threads import serving


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
