"""Types of the event outbox: a message about an event of an order, and the subscriber that returns messages.

An event is written in the transaction of the change, and dispatched after the commit (notifications/dispatcher.py):
each function of settings.ORDER_SUBSCRIBERS is called with the event and returns its messages.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from orders.models import OrderEvent


@dataclass(frozen=True)
class Message:
    """A message to one address about one event."""

    audience: str  # such as "managers"; each audience has its own fallback
    channel: str  # a key of settings.CHANNELS
    address: str  # of the channel: a chat id, a mailbox
    template: str  # templates/<channel>/<template>.html
    language: str


# Called in the worker, in the dispatcher's short transaction: it may query the database, never the network.
Subscriber = Callable[[OrderEvent], Iterable[Message]]
