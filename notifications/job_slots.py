"""Job slots of the worker: one for an address at a time, kept in the memory of a worker process.

A worker has four slots. A call that gets no answer takes one for ten seconds, and each new order brings another job for
the same chat: without limits a chat that hangs soon has all four, and the other chats wait. So an address has one slot
at a time, and none for a while after a call without an answer.
"""

import threading
from time import monotonic

from notifications.channels import Destination


class JobSlots:
    """The destinations that jobs of this process are sending to, and those that are paused."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: set[Destination] = set()
        self._wanted: set[Destination] = set()
        self._paused_until: dict[Destination, float] = {}

    def take(self, destination: Destination) -> bool:
        """Reserve a destination for a job; return False if another job has it or it is paused."""
        with self._lock:
            if destination in self._taken:
                self._wanted.add(destination)
                return False
            if self._is_paused(destination):
                return False
            self._taken.add(destination)
            return True

    def give_back(self, destination: Destination) -> bool:
        """End a reservation; return True if another job wanted it meanwhile, which may have seen newer messages."""
        with self._lock:
            self._taken.remove(destination)
            wanted = destination in self._wanted
            self._wanted.discard(destination)
            return wanted and not self._is_paused(destination)

    def pause(self, destination: Destination, seconds: float) -> None:
        """Refuse to reserve a destination for a while."""
        with self._lock:
            self._paused_until[destination] = monotonic() + seconds

    def _is_paused(self, destination: Destination) -> bool:
        if monotonic() < self._paused_until.get(destination, 0):
            return True
        self._paused_until.pop(destination, None)
        return False


JOB_SLOTS = JobSlots()
