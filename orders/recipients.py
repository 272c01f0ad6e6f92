"""Limits of the worker's job slots for each recipient, kept in the memory of a worker process.

A worker has four slots. A call that gets no answer takes one for ten seconds, and each new order brings another job for
the same chat: without limits a chat that hangs soon has all four, and the other chats wait. So a recipient has one slot
at a time, and none for a while after a call without an answer.
"""

import threading
from time import monotonic

Address = tuple[str, str]  # channel and recipient


class Recipients:
    """The recipients that jobs of this process are sending to, and those that are paused."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: set[Address] = set()
        self._wanted: set[Address] = set()
        self._paused_until: dict[Address, float] = {}

    def take(self, address: Address) -> bool:
        """Reserve a recipient for a job; return False if another job has it or it is paused."""
        with self._lock:
            if address in self._taken:
                self._wanted.add(address)
                return False
            if self._is_paused(address):
                return False
            self._taken.add(address)
            return True

    def give_back(self, address: Address) -> bool:
        """End a reservation; return True if another job wanted it meanwhile, which may have seen newer messages."""
        with self._lock:
            self._taken.remove(address)
            wanted = address in self._wanted
            self._wanted.discard(address)
            return wanted and not self._is_paused(address)

    def pause(self, address: Address, seconds: float) -> None:
        """Refuse to reserve a recipient for a while."""
        with self._lock:
            self._paused_until[address] = monotonic() + seconds

    def _is_paused(self, address: Address) -> bool:
        if monotonic() < self._paused_until.get(address, 0):
            return True
        self._paused_until.pop(address, None)
        return False


RECIPIENTS = Recipients()
