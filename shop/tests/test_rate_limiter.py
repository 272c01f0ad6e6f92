"""RateLimiter with a fake clock that moves only by waiting."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest

from shop.telegram.rate_limiter import RateLimiter


class Clock:
    """A clock that notes how long it was waited for."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Note a wait; time stands still, as for threads that wait side by side."""
        self.waits.append(seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Replace the clock of the rate limiter."""
    clock = Clock()
    monkeypatch.setattr("shop.telegram.rate_limiter.monotonic", lambda: clock.now)
    monkeypatch.setattr("shop.telegram.rate_limiter.sleep", clock.sleep)
    return clock


def test_calls_are_evenly_spaced(clock: Clock) -> None:
    limiter = RateLimiter(per_second=4)
    for _ in range(4):
        limiter.acquire()
    assert clock.waits == [0, 0.25, 0.5, 0.75]


def test_idle_time_does_not_allow_a_burst(clock: Clock) -> None:
    limiter = RateLimiter(per_second=4)
    limiter.acquire()
    clock.now += 60
    limiter.acquire()
    limiter.acquire()
    assert clock.waits == [0, 0, 0.25]


def test_threads_share_a_limiter(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    limiter = RateLimiter(per_second=4)
    both = Barrier(2)
    met: list[int] = []

    def read_the_clock() -> float:
        """Give the other thread a chance to look at the clock at the same time."""
        with suppress(BrokenBarrierError):
            met.append(both.wait(0.2))
        return clock.now

    monkeypatch.setattr("shop.telegram.rate_limiter.monotonic", read_the_clock)
    with ThreadPoolExecutor(2) as pool:
        for _ in range(2):
            pool.submit(limiter.acquire)
    assert (met, sorted(clock.waits)) == ([], [0, 0.25])
