"""Not too many calls at a time."""

from threading import Lock
from time import monotonic, sleep


class Pace:
    """Lets through so many calls a second, evenly, from all threads of the process together."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second  # seconds
        self._next = monotonic()
        self._lock = Lock()

    def wait(self) -> None:
        """Return when it is this call's turn."""
        with self._lock:
            now = monotonic()
            turn = max(now, self._next)
            self._next = turn + self._gap
        sleep(turn - now)
