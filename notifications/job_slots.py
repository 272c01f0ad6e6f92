"""Job slots of the worker: one per address at a time, in memory of the worker process.

A worker runs four jobs at a time. A call that times out takes ten seconds, and each new order adds a job for the same
chat: without limits, one unresponsive chat soon takes all four slots and delays the other chats. So an address has one
slot at a time, and is paused after a timeout.
"""

import threading
from time import monotonic

from notifications.channels import Destination


class JobSlots:
    """Destinations reserved by the jobs of this process, and paused destinations."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: set[Destination] = set()
        self._wanted: set[Destination] = set()
        self._paused_until: dict[Destination, float] = {}

    def take(self, destination: Destination) -> bool:
        """Reserve a destination for a job; return False if it is reserved or paused."""
        with self._lock:
            if destination in self._taken:
                self._wanted.add(destination)
                return False
            if self._is_paused(destination):
                return False
            self._taken.add(destination)
            return True

    def give_back(self, destination: Destination) -> bool:
        """End a reservation; return True if another job was refused meanwhile, as it may be for newer messages."""
        with self._lock:
            self._taken.remove(destination)
            wanted = destination in self._wanted
            self._wanted.discard(destination)
            return wanted and not self._is_paused(destination)

    def pause(self, destination: Destination, seconds: float) -> None:
        """Refuse reservations of a destination for some seconds."""
        with self._lock:
            self._paused_until[destination] = monotonic() + seconds

    def _is_paused(self, destination: Destination) -> bool:
        if monotonic() < self._paused_until.get(destination, 0):
            return True
        self._paused_until.pop(destination, None)
        return False


JOB_SLOTS = JobSlots()
