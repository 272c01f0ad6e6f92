"""Channels that send notifications, by their names in settings.CHANNELS."""

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

    from notifications.models import Notification


Destination = tuple[str, str]  # channel and address


class ChannelError(Exception):
    """Base class of failed sends; its text is shown to staff."""


class Temporary(ChannelError):
    """Temporary failure, to be retried; after a timeout the message may have arrived.

    :param retry_after: seconds until the next call to the address, if the server has asked for a delay.
    """

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unreachable(Temporary):
    """No response in time: the next message to the same address would most likely time out, too."""


class Permanent(ChannelError):
    """Permanent failure: the address or the text is refused.

    :param may_be_the_text: whether another text to the same address may be accepted.
    """

    def __init__(self, message: str, *, may_be_the_text: bool = False) -> None:
        super().__init__(message)
        self.may_be_the_text = may_be_the_text


class Moved(ChannelError):
    """The address was replaced by another one."""

    def __init__(self, message: str, new_address: str) -> None:
        super().__init__(message)
        self.new_address = new_address


class Receipt(NamedTuple):
    """Confirmation that a message was accepted."""

    message_id: int | None = None


class Channel(Protocol):
    """Sender of messages to addresses of one kind; a context manager that keeps its connection open."""

    label: "str | StrPromise"  # for staff
    batch: int  # maximum number of notifications in one message

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, address: str, notifications: "Sequence[Notification]") -> Receipt:
        """Send one message about all of these notifications.

        :raises ChannelError: one of its subclasses.
        """


def label_of(name: str) -> str:
    """Return the label of a channel, or its key if settings.CHANNELS does not have it any more."""
    path = settings.CHANNELS.get(name)
    return str(import_string(path).label) if path else name


def open_channel(name: str) -> Channel:
    """Return a new channel of settings.CHANNELS."""
    channel: Channel = import_string(settings.CHANNELS[name])()
    return channel
