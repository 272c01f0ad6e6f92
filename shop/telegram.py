"""The Bot API, as far as the shop needs it.

Source of the rules: https://core.telegram.org/bots/api#making-requests
Neither the token nor an address with it ever gets into an error: those end up in logs and in the admin.
"""

import sys
from types import TracebackType
from typing import Any, Self, TypeVar

import requests
from django.conf import settings

from shop.pace import Pace

T = TypeVar("T")
CONNECT_TIMEOUT, READ_TIMEOUT = 3.05, 10.0  # seconds
MAX_TEXT = 4096  # characters, after the HTML is parsed
# Twice of what Telegram is said to take from a bot (https://core.telegram.org/bots/faq); its 429 knows better. On a
# sale day this leaves the machine to the customers.
PACE = Pace(per_second=60)


class TelegramError(Exception):
    """The message was not taken; the sentence is fit for staff."""


class TemporaryError(TelegramError):
    """Trying again later may help; a message that timed out may even have arrived."""


class TooManyRequests(TemporaryError):
    """This chat gets too many messages: nothing may be sent to it for `retry_after` seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PermanentError(TelegramError):
    """Trying again would not help: blocked, kicked, no such chat, a wrong token, a malformed call."""


class ChatMoved(TelegramError):
    """The group became a supergroup with another id."""

    def __init__(self, message: str, new_chat_id: int) -> None:
        super().__init__(message)
        self.new_chat_id = new_chat_id


class BotAPI:
    """The Bot API over HTTPS. Use it as a context manager: connections are kept and reused inside."""

    def __init__(
        self, token: str, base_url: str, timeout: tuple[float, float] = (CONNECT_TIMEOUT, READ_TIMEOUT)
    ) -> None:
        self._url = f"{base_url}/bot{token}"
        self._timeout = timeout
        self._session = requests.Session()
        # The environment's proxies and .netrc are asked for at each call otherwise.
        self._session.trust_env = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def send_message(self, chat_id: str, html: str) -> int:
        """Send a text with HTML mark-up; return Telegram's message_id.

        :raises TelegramError: one of its subclasses.
        """
        PACE.wait()
        message = self._call("sendMessage", chat_id=chat_id, text=html, parse_mode="HTML")
        if not isinstance(message, dict) or not isinstance(message.get("message_id"), int):
            raise TemporaryError("Telegram answered without a message_id.")
        return int(message["message_id"])

    def get_me(self) -> dict[str, Any]:
        """Return the bot's own account.

        :raises TelegramError: one of its subclasses.
        """
        return _of_type(dict, self._call("getMe"))

    def get_webhook_info(self) -> dict[str, Any]:
        """Return where Telegram sends updates; `url` is empty without a webhook.

        :raises TelegramError: one of its subclasses.
        """
        return _of_type(dict, self._call("getWebhookInfo"))

    def get_updates(self) -> list[dict[str, Any]]:
        """Return the oldest 100 updates that wait; without an offset, so that they go on waiting.

        :raises TelegramError: one of its subclasses; a PermanentError (409) while a webhook is set.
        """
        updates = _of_type(list, self._call("getUpdates"))
        return [_of_type(dict, update) for update in updates]

    def _call(self, method: str, **arguments: Any) -> Any:
        # Prepared without the session, which would merge its cookies and defaults into each call: half of the work.
        request = requests.Request("POST", f"{self._url}/{method}", json=arguments).prepare()
        try:
            response = self._session.send(request, timeout=self._timeout, allow_redirects=False)
        except requests.RequestException as error:
            # The text of the error has the address in it, and the address has the token in it.
            raise TemporaryError(f"Telegram could not be reached ({type(error).__name__}).") from None
        try:
            answer = response.json()
        except requests.JSONDecodeError:
            answer = None
        if isinstance(answer, dict) and answer.get("ok") is True:
            return answer.get("result")
        raise _error(response.status_code, answer if isinstance(answer, dict) else {})


def _of_type(kind: type[T], result: Any) -> T:
    if not isinstance(result, kind):
        raise TemporaryError("Telegram answered with something else than was asked for.")
    return result


def _error(http_status: int, answer: dict[str, Any]) -> TelegramError:
    code = answer.get("error_code")
    status = code if isinstance(code, int) else http_status
    message = f"{status}: {str(answer.get('description') or 'no description')[:300]}"
    parameters = answer.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    moved_to, retry_after = parameters.get("migrate_to_chat_id"), parameters.get("retry_after")
    if isinstance(moved_to, int):
        return ChatMoved(message, moved_to)
    if status == requests.codes.too_many_requests:
        return TooManyRequests(message, retry_after if isinstance(retry_after, int) and retry_after > 0 else 5)
    if requests.codes.bad_request <= status < requests.codes.internal_server_error:
        return PermanentError(message)
    return TemporaryError(message)


class Console:
    """Stand-in for the Bot API in a demo that lacks a bot or its managers' chats: messages are printed."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing was opened."""

    def send_message(self, chat_id: str, html: str) -> int:
        """Print a message; return 0 for its id."""
        sys.stdout.write(
            f"\n--- a message to chat {chat_id} (printed: it takes a bot's token and MANAGER_CHAT_ID to send it) ---"
            f"\n{html}\n---\n"
        )
        sys.stdout.flush()
        return 0


def bot() -> BotAPI | Console:
    """Return the way to Telegram that the configuration asks for."""
    if settings.TELEGRAM_TO_CONSOLE:
        return Console()
    return BotAPI(settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_API_URL)
