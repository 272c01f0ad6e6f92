"""Memory of the web processes."""

from typing import NamedTuple

import psutil

MEGABYTE = 1_000_000


class Memory(NamedTuple):
    """Memory of a process in megabytes; None if the system does not report it."""

    rss: float
    pss: float | None  # shared memory divided by the number of sharing processes
    uss: float | None  # unshared memory


def of_workers(master: int) -> list[Memory]:
    """Return the memory of each child of gunicorn's master."""
    found = []
    for worker in psutil.Process(master).children():
        try:
            told = worker.memory_full_info()
        except psutil.Error:  # replaced by gunicorn at this moment
            continue
        parts = (getattr(told, name, None) for name in ("pss", "uss"))
        found.append(Memory(told.rss / MEGABYTE, *(part and part / MEGABYTE for part in parts)))
    return found
