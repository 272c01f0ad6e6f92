"""Description of the machine on which figures were measured."""

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg

from bench.load import generator
from bench.servers import REPOSITORY


def describe(*, database_url: str) -> dict[str, str]:
    """Return facts about hardware and software, by name."""
    with psycopg.connect(database_url) as connection:
        postgres = str(connection.info.parameter_status("server_version"))
    busy = f"; load before the start: {os.getloadavg()[0]:.1f}"
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": _commit(),
        "machine": f"{_processor()}, {os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB{busy}",
        "software": f"{platform.system()}, Python {platform.python_version()}, PostgreSQL {postgres}",
        "load": f"{generator()}, on the same machine",
    }


def _processor() -> str:
    try:
        named = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        named = None
    return named[1] if named else platform.processor() or platform.machine()


def _commit() -> str:
    def git(*arguments: str) -> str:
        command = ["git", *arguments]
        return subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603

    try:
        changed = git("status", "--porcelain", "--", ".", ":!bench/results.md")
        return git("rev-parse", "--short=12", "HEAD") + (" with changes" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
