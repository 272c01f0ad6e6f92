"""CPU affinity of web processes."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from shop.runtime import cpu_affinity
from testing.bot_api import wait_until
from testing.web import web

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux can do it")


@pytest.fixture
def two() -> Iterator[set[int]]:
    """Have no more than two processors, and give their numbers; those who are started have no more either."""
    every = os.sched_getaffinity(0)
    few = set(sorted(every)[:2])
    os.sched_setaffinity(0, few)
    yield few
    os.sched_setaffinity(0, every)


def started(log: Path) -> list[int]:
    """List the process ids of all web processes so far."""
    return [int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", log.read_text())]


def where(pid: int) -> set[int]:
    """Tell on which processors all threads of a process may run."""
    return set().union(*(os.sched_getaffinity(int(thread.name)) for thread in Path(f"/proc/{pid}/task").iterdir()))


@pytest.mark.django_db(transaction=True)
def test_each_web_process_is_pinned_and_its_successor_inherits_the_processor(
    subprocess_env: dict[str, str], tmp_path: Path, two: set[int]
) -> None:
    log = tmp_path / "web.log"
    with web(subprocess_env, log, workers=len(two)):
        wait_until(lambda: len(started(log)) == len(two))
        first, *others = started(log)
        wait_until(lambda: all(len(where(pid)) == 1 for pid in (first, *others)))
        freed = where(first)
        assert freed.union(*map(where, others)) == two
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: len(started(log)) > len(two))
        wait_until(lambda: len(where(started(log)[-1])) == 1)
        assert where(started(log)[-1]) == freed


@pytest.mark.parametrize(("processes", "answer"), [(1, False), (2, False), (3, True), (4, True)])
def test_processes_are_not_pinned_if_a_processor_would_be_idle(
    processes: int, answer: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 2, 5})
    assert cpu_affinity.one_for_each(processes) is answer
