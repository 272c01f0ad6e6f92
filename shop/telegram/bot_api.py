"""Client of the Telegram Bot API.

Source of the rules: https://core.telegram.org/bots/api#making-requests
Only responses in Telegram's format are accepted: proxies, firewalls and captive portals may respond in its place.
Errors never contain the token or a URL with it: they are shown in logs and in the admin.
"""

import json
import sys
from http import HTTPStatus
from http.client import HTTPException
from types import TracebackType
from typing import Any, Self, TypeVar

from django.conf import settings

from shop.outbound.http_client import HTTPClient
from shop.telegram.errors import (
    ChatMoved,
    Misconfigured,
    PermanentError,
    TelegramError,
    TemporaryError,
    TooManyRequests,
    Unreachable,
)
from shop.telegram.rate_limiter import RateLimiter

T = TypeVar("T")
CONNECT_TIMEOUT, CALL_TIMEOUT = 3.05, 10.0  # seconds: per address, and for the whole call
MAX_TEXT = 4096  # characters, after the HTML is parsed
# Twice the documented limit of a bot (https://core.telegram.org/bots/faq); the real one is signalled by a 429. On a
# sale day this leaves CPU time to the customers.
RATE_LIMITER = RateLimiter(per_second=60)
# Prefixes of the Bot API's errors about the arguments of a call, here a chat and a text (source:
# tdlib/telegram-bot-api, Client.cpp). 401 and 404 are about the token, which the operator can fix.
FINAL = {HTTPStatus.BAD_REQUEST: "Bad Request", HTTPStatus.FORBIDDEN: "Forbidden"}
MISCONFIGURED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT}
UNKNOWN_RETRY_AFTER = 5  # seconds
BIGINT = 2**63


class BotAPI:
    """Bot API client over HTTPS. Use it as a context manager, which keeps the connection open.

    :param timeout: seconds to connect to each address of the server, and for a whole call.
    """

    def __init__(
        self, token: str, base_url: str, timeout: tuple[float, float] = (CONNECT_TIMEOUT, CALL_TIMEOUT)
    ) -> None:
        self._token = token
        connect_timeout, call_timeout = timeout
        self._http = HTTPClient(base_url, connect_timeout=connect_timeout, timeout=call_timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def send_message(self, chat_id: str, html: str) -> int | None:
        """Send a text with HTML markup; return Telegram's message_id, None if PostgreSQL cannot store it.

        :raises TelegramError: one of its subclasses.
        """
        RATE_LIMITER.acquire()
        message = self._call("sendMessage", dict, chat_id=chat_id, text=html, parse_mode="HTML")
        if "message_id" not in message:
            raise self._no_answer(HTTPStatus.OK)
        # The message was sent: an invalid id must not lead to a retry.
        message_id = message["message_id"]
        return message_id if type(message_id) is int and 0 <= message_id < BIGINT else None

    def get_me(self) -> dict[str, Any]:
        """Return the bot's own account.

        :raises TelegramError: one of its subclasses.
        """
        return self._call("getMe", dict)

    def get_webhook_info(self) -> dict[str, Any]:
        """Return the configuration of the webhook; `url` is empty without one.

        :raises TelegramError: one of its subclasses.
        """
        return self._call("getWebhookInfo", dict)

    def get_updates(self) -> list[dict[str, Any]]:
        """Return the oldest 100 pending updates, without an offset, so that they stay pending.

        :raises TelegramError: one of its subclasses; a Misconfigured (409) while a webhook is set.
        """
        updates = self._call("getUpdates", list)
        if not all(isinstance(update, dict) for update in updates):
            raise self._no_answer(HTTPStatus.OK)
        return updates

    def _call(self, method: str, expected: type[T], **arguments: Any) -> T:
        """Return the result of a call, if it is of the expected type: `dict` is any object, `list` any array."""
        try:
            status, content = self._http.post_json(f"/bot{self._token}/{method}", arguments)
        except (OSError, HTTPException) as error:
            # The name of the error only: its text may have the address in it, and the address has the token in it.
            raise Unreachable(f"Telegram could not be reached ({type(error).__name__}).") from None
        answer = _json_object(content)
        result = answer.get("result")
        if status == HTTPStatus.OK and answer.get("ok") is True and isinstance(result, expected):
            return result
        if not _is_refusal(status, answer):
            raise self._no_answer(status)
        raise _error(answer, f"{status}: {self._fit_for_staff(answer['description'])}")

    def _no_answer(self, status: int) -> TemporaryError:
        # A proxy may have sent more data, which must not be read as the response to the next call.
        self._http.close()
        return TemporaryError(f"{status}: this is no answer of the Bot API; is there a proxy or a firewall?")

    def _fit_for_staff(self, description: str) -> str:
        # PostgreSQL stores neither NUL nor lone surrogates, and line breaks would forge lines of the log.
        printable = "".join(character if character.isprintable() else " " for character in description)
        return printable.replace(self._token.partition(":")[2], "[token]")[:300]


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):  # not JSON, not UTF-8, a number of thousands of digits; deeply nested
        return {}
    return answer if isinstance(answer, dict) else {}


def _is_refusal(status: int, answer: dict[str, Any]) -> bool:
    """Return whether this is an error in the Bot API's format."""
    return (
        answer.get("ok") is False
        and type(answer.get("error_code")) is int
        and answer["error_code"] == status
        and isinstance(answer.get("description"), str)
    )


def _error(refusal: dict[str, Any], message: str) -> TelegramError:
    status = refusal["error_code"]
    parameters = refusal.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    if status == HTTPStatus.BAD_REQUEST and "migrate_to_chat_id" in parameters:
        new_chat_id = parameters["migrate_to_chat_id"]
        is_group = type(new_chat_id) is int and -BIGINT <= new_chat_id < 0
        return ChatMoved(message, new_chat_id) if is_group else TemporaryError(message)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        retry_after = parameters.get("retry_after")
        if type(retry_after) is not int or retry_after <= 0:
            retry_after = UNKNOWN_RETRY_AFTER
        return TooManyRequests(message, retry_after)
    if status in FINAL and refusal["description"].startswith(FINAL[status]):
        return PermanentError(message, status)
    if status in MISCONFIGURED:
        return Misconfigured(message)
    return TemporaryError(message)


class Console:
    """Stand-in for the Bot API in a demo without a bot or managers' chats: prints messages."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Do nothing: there is no connection."""

    def send_message(self, chat_id: str, html: str) -> int:
        """Print a message; return 0 as its id.

        :raises TemporaryError: if it cannot be written, such as to a full disk.
        """
        try:
            sys.stdout.write(
                f"\n--- a message to chat {chat_id} (printed: sending takes a bot's token and MANAGER_CHAT_ID) ---"
                f"\n{html}\n---\n"
            )
            sys.stdout.flush()
        except OSError as error:
            raise TemporaryError(f"The message could not be printed: {error.strerror}.") from error
        return 0


def bot() -> BotAPI | Console:
    """Return the configured client: the Bot API or the console."""
    if settings.TELEGRAM_TO_CONSOLE:
        return Console()
    return BotAPI(settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_API_URL)
