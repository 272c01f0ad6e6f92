"""Rate limiter for outgoing calls."""

from threading import Lock
from time import monotonic, sleep


class RateLimiter:
    """Limits the calls per second of all threads of a process, evenly spaced."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second  # seconds
        self._next = monotonic()
        self._lock = Lock()

    def acquire(self) -> None:
        """Block until the next call may be made."""
        with self._lock:
            now = monotonic()
            turn = max(now, self._next)
            self._next = turn + self._gap
        sleep(turn - now)
