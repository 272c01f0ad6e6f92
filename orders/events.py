"""Events of orders as an outbox: the message that a subscriber wants sent, and the subscriber itself.

An event is written in the transaction of what happened, and dispatched after the commit (notifications/dispatcher.py):
each function of settings.ORDER_SUBSCRIBERS is asked for its messages about it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from orders.models import OrderEvent


@dataclass(frozen=True)
class Message:
    """A message to one address about one event."""

    audience: str  # such as "managers": a fallback belongs to an audience
    channel: str  # a key of settings.CHANNELS
    address: str  # a chat id, a mailbox: what the channel takes
    template: str  # templates/<channel>/<template>.html
    language: str


# Runs in the worker, in the dispatcher's short transaction: it may read, and must not use the network.
Subscriber = Callable[[OrderEvent], Iterable[Message]]
