"""Telegram channel: addresses are chat ids, several notifications are merged into one message (digest)."""

from collections.abc import Sequence
from http import HTTPStatus
from types import TracebackType
from typing import Self

from notifications import channels, texts
from notifications.channels import Moved, Permanent, Receipt, Temporary
from notifications.models import Notification
from shop.telegram import bot_api, errors


class Telegram:
    """Channel over the shop's bot, or standard output in a demo without one."""

    label = "Telegram"
    batch = texts.DIGEST

    def __init__(self) -> None:
        self._bot = bot_api.bot()

    def __enter__(self) -> Self:
        self._bot.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bot.__exit__(kind, error, trace)

    def send(self, address: str, notifications: Sequence[Notification]) -> Receipt:
        """Send a message, a digest for several notifications.

        :raises ChannelError: one of its subclasses.
        """
        text = texts.digest(notifications) if len(notifications) > 1 else texts.html(notifications[0])
        try:
            return Receipt(self._bot.send_message(address, text))
        except errors.TooManyRequests as error:
            raise Temporary(str(error), error.retry_after) from error
        except errors.Unreachable as error:
            raise channels.Unreachable(str(error)) from error
        except errors.TemporaryError as error:
            raise Temporary(str(error)) from error
        except errors.PermanentError as error:
            raise Permanent(str(error), may_be_the_text=error.status == HTTPStatus.BAD_REQUEST) from error
        except errors.ChatMoved as error:
            raise Moved(str(error), str(error.new_chat_id)) from error
