"""Errors of a call to the Bot API: temporary, permanent, moved. Their sentences are fit for staff."""


class TelegramError(Exception):
    """The message was not taken; the sentence is fit for staff."""


class TemporaryError(TelegramError):
    """Trying again later may help; a message that timed out may even have arrived."""


class Unreachable(TemporaryError):
    """No answer came, or not in time: the next message to the same recipient would most likely wait in vain, too."""


class Misconfigured(TemporaryError):
    """Telegram itself refuses the token (401, 404), or getUpdates beside a webhook (409): the operator can mend it."""


class TooManyRequests(TemporaryError):
    """This chat gets too many messages: nothing may be sent to it for `retry_after` seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PermanentError(TelegramError):
    """Telegram itself refuses this chat (`status` 403 or 400) or this text (400): trying again would not help."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class ChatMoved(TelegramError):
    """The group became a supergroup with another id."""

    def __init__(self, message: str, new_chat_id: int) -> None:
        super().__init__(message)
        self.new_chat_id = new_chat_id
