"""Channels: the ways on which notifications leave the shop, by their names in settings.CHANNELS."""

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
    """The message was not taken; the text is fit for staff."""


class Temporary(ChannelError):
    """Trying again later may help; a message that timed out may even have arrived.

    :param retry_after: seconds for which the address must be left alone, if the other side has said so.
    """

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unreachable(Temporary):
    """No answer came, or not in time: the next message to the same address would most likely wait in vain, too."""


class Permanent(ChannelError):
    """The address or the text is refused for good.

    :param may_be_the_text: whether another text to the same address may be taken.
    """

    def __init__(self, message: str, *, may_be_the_text: bool = False) -> None:
        super().__init__(message)
        self.may_be_the_text = may_be_the_text


class Moved(ChannelError):
    """The address has been replaced by another one."""

    def __init__(self, message: str, new_address: str) -> None:
        super().__init__(message)
        self.new_address = new_address


class Receipt(NamedTuple):
    """The other side's word that it took a message."""

    message_id: int | None = None


class Channel(Protocol):
    """A way to addresses of one kind. It is used as a context manager, and keeps its connection inside."""

    label: "str | StrPromise"  # for staff
    batch: int  # notifications that one message can hold

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, address: str, notifications: "Sequence[Notification]") -> Receipt:
        """Send one message about all of these notifications.

        :raises ChannelError: one of its subclasses.
        """


def label_of(name: str) -> str:
    """Return the name of a channel for staff; a channel that settings.CHANNELS has no more keeps its key."""
    path = settings.CHANNELS.get(name)
    return str(import_string(path).label) if path else name


def open_channel(name: str) -> Channel:
    """Return a new channel of settings.CHANNELS."""
    channel: Channel = import_string(settings.CHANNELS[name])()
    return channel
