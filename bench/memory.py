"""How much memory the web processes take."""

from typing import NamedTuple

import psutil

MEGABYTE = 1_000_000


class Memory(NamedTuple):
    """Of one process, in megabytes; None where the system does not tell."""

    rss: float
    pss: float | None  # what it shares is divided among those who share it
    uss: float | None  # its own alone


def of_workers(master: int) -> list[Memory]:
    """Look at each child of gunicorn's master."""
    found = []
    for worker in psutil.Process(master).children():
        try:
            told = worker.memory_full_info()
        except psutil.Error:  # replaced by gunicorn in this very moment
            continue
        parts = (getattr(told, name, None) for name in ("pss", "uss"))
        found.append(Memory(told.rss / MEGABYTE, *(part and part / MEGABYTE for part in parts)))
    return found
