"""Request counters of rate limits: fixed windows, in this process or in Redis.

The first request of a key opens its window; after its end the count starts again. No wall clock is used: setting it
back would lock customers out, setting it forward would reset the counts.
"""

import logging
import threading
from collections.abc import Callable
from time import monotonic
from typing import Protocol

from redis import Redis, RedisError

logger = logging.getLogger(__name__)

MAX_KEYS = 50_000  # some 10 MB
REDIS_TIMEOUT = 0.5  # seconds: one of four threads is blocked meanwhile
REDIS_REST = 5.0  # seconds without requests to an unavailable Redis


class Windows(Protocol):
    """Counter of requests by key."""

    def count(self, key: str, seconds: int) -> tuple[int, float]:
        """Count a request; return its number in the window, and the seconds until the window ends."""

    def peek(self, key: str) -> tuple[int, float]:
        """Return the count of an open window and the seconds until it ends; (0, 0) without one."""


class ProcessWindows:
    """Counters of this process, on the monotonic clock."""

    def __init__(self, max_keys: int = MAX_KEYS) -> None:
        self._max_keys = max_keys
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[float, int]] = {}  # key → end, requests so far; by age

    def count(self, key: str, seconds: int) -> tuple[int, float]:
        """Count a request."""
        now = monotonic()
        with self._lock:
            end, number = self._windows.get(key, (now, 0))
            if end <= now:
                self._windows.pop(key, None)
                self._make_room(now)
                end, number = now + seconds, 0
            self._windows[key] = end, number + 1
        return number + 1, end - now

    def peek(self, key: str) -> tuple[int, float]:
        """Return the count so far."""
        with self._lock:
            end, number = self._windows.get(key, (0.0, 0))
        left = end - monotonic()
        return (number, left) if left > 0 else (0, 0.0)

    def clear(self) -> None:
        """Delete all counts."""
        with self._lock:
            self._windows.clear()

    def _make_room(self, now: float) -> None:
        if len(self._windows) < self._max_keys:
            return
        open_windows = [(key, window) for key, window in self._windows.items() if window[0] > now]
        # Drops the oldest quarter at once: otherwise each request of a flood from new addresses would get here.
        self._windows = dict(open_windows[-self._max_keys * 3 // 4 :])


class RedisWindows:
    """Counters in Redis, for all processes and machines; while it is unavailable, each process counts for itself."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_timeout=REDIS_TIMEOUT, socket_connect_timeout=REDIS_TIMEOUT)
        self._fallback = ProcessWindows()
        self._resting_until = 0.0

    def count(self, key: str, seconds: int) -> tuple[int, float]:
        """Count a request."""
        counted = self._ask(lambda: self._count_in_redis(f"botshop:{key}", seconds))
        return self._fallback.count(key, seconds) if counted is None else counted

    def peek(self, key: str) -> tuple[int, float]:
        """Return the count so far."""
        seen = self._ask(lambda: self._peek_in_redis(f"botshop:{key}"))
        return self._fallback.peek(key) if seen is None else seen

    def _ask(self, question: Callable[[], tuple[int, float]]) -> tuple[int, float] | None:
        if monotonic() < self._resting_until:
            return None
        try:
            return question()
        except RedisError as error:
            self._resting_until = monotonic() + REDIS_REST
            logger.warning("Redis did not answer (%s): each process throttles for itself", type(error).__name__)
            return None

    def _peek_in_redis(self, key: str) -> tuple[int, float]:
        transaction = self._redis.pipeline(transaction=True)
        transaction.get(key)
        transaction.pttl(key)
        number, left = transaction.execute()
        return int(number or 0), max(left, 0) / 1000

    def _count_in_redis(self, key: str, seconds: int) -> tuple[int, float]:
        transaction = self._redis.pipeline(transaction=True)
        transaction.set(key, 0, ex=seconds, nx=True)
        transaction.incr(key)
        transaction.pttl(key)
        _, number, left = transaction.execute()
        # Redis stores an expiry as wall-clock time. If its clock was set back, the window would end too late.
        if not 0 <= left <= seconds * 1000:
            self._redis.expire(key, seconds)
            left = seconds * 1000
        return int(number), left / 1000
