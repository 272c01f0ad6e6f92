"""Errors of a call to the Bot API: temporary, permanent, moved. Their messages are shown to staff."""


class TelegramError(Exception):
    """Base class of failed calls; its message is shown to staff."""


class TemporaryError(TelegramError):
    """Temporary failure, to be retried; after a timeout the message may have arrived."""


class Unreachable(TemporaryError):
    """No response in time: the next message to the same chat would most likely time out, too."""


class Misconfigured(TemporaryError):
    """Telegram refuses the token (401, 404), or getUpdates with a webhook (409): the operator can fix it."""


class TooManyRequests(TemporaryError):
    """Rate limit of a chat: no message may be sent to it for `retry_after` seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PermanentError(TelegramError):
    """Telegram refuses this chat (`status` 403 or 400) or this text (400): a retry would not help."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class ChatMoved(TelegramError):
    """The group became a supergroup with another id."""

    def __init__(self, message: str, new_chat_id: int) -> None:
        super().__init__(message)
        self.new_chat_id = new_chat_id
