"""The worker of the queue in a subprocess."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from testing.bot_api import DEADLINE
from testing.web import REPOSITORY


@contextmanager
def worker(environment: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the worker during the block; yields its process.

    :param environment: as the fixture `subprocess_env` has it.
    :param log: what the worker says is appended here.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "shop.worker"], cwd=REPOSITORY, env=environment, stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(2 * DEADLINE)
