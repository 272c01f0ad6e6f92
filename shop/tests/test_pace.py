"""Pace, with a clock that only moves when somebody waits."""

from threading import Thread

import pytest

from shop.pace import Pace


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
    """Replace the clock of the pace."""
    clock = Clock()
    monkeypatch.setattr("shop.pace.monotonic", lambda: clock.now)
    monkeypatch.setattr("shop.pace.sleep", clock.sleep)
    return clock


def test_calls_are_let_through_evenly(clock: Clock) -> None:
    pace = Pace(per_second=4)
    for _ in range(4):
        pace.wait()
    assert clock.waits == [0, 0.25, 0.5, 0.75]


def test_time_that_passed_without_calls_is_not_made_up_for(clock: Clock) -> None:
    pace = Pace(per_second=4)
    pace.wait()
    clock.now += 60
    pace.wait()
    pace.wait()
    assert clock.waits == [0, 0, 0.25]


def test_threads_share_a_pace(clock: Clock) -> None:
    pace = Pace(per_second=4)
    threads = [Thread(target=pace.wait) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(clock.waits) == [turn / 4 for turn in range(20)]
