"""`python -m demo.postgres --data FOLDER -- command args…`: run a command with an embedded server."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from demo.postgres.addresses import PostgresError
from demo.postgres.programs import with_death_signal
from demo.postgres.server import running

PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
AWAITED = {*PASSED_ON, signal.SIGCHLD}


def main() -> int:
    """Run the command of the command line with a server, and return its exit code."""
    parser = argparse.ArgumentParser("python -m demo.postgres", description="Run a command with a PostgreSQL server.")
    parser.add_argument("--data", type=Path, default=".data/postgres", help="data folder (%(default)s)")
    parser.add_argument("--temporary", action="store_true", help="a fresh data folder, removed afterwards")
    parser.add_argument("command", nargs="+", help="the command and its arguments, after --")
    options = parser.parse_args()
    try:
        if os.environ.get("DATABASE_URL"):
            os.execvp(options.command[0], options.command)  # noqa: S606 - it is what the caller asks for
        return _run(options.command, None if options.temporary else options.data)
    except FileNotFoundError as error:
        print(f"postgres: {error.strerror}: {error.filename or options.command[0]}", file=sys.stderr)
        return 127
    except (PostgresError, OSError) as error:
        print("postgres:", " ".join(str(error).split()), file=sys.stderr)
        return 1


def _run(command: Sequence[str], data: Path | None) -> int:
    """Run `command` with a server on `data` (None: a temporary one), and return its exit code."""
    received: list[int] = []
    for awaited in PASSED_ON:
        if awaited != signal.SIGHUP or signal.getsignal(awaited) != signal.SIG_IGN:  # nohup still works
            signal.signal(awaited, lambda number, _: received.append(number))
    signal.signal(signal.SIGCHLD, lambda *_: None)  # without a handler, macOS drops it even while it is blocked
    with ExitStack() as stack:
        durable = data is not None
        if data is None:
            data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="botshop-data-"))) / "postgres"
        url = stack.enter_context(running(data, durable=durable))
        if received:  # during the start
            return 128 + received[0]
        # An orphaned command would keep its network port, without a database.
        command = [*with_death_signal("TERM"), *command]
        environment = {**os.environ, "DATABASE_URL": url}
        child = subprocess.Popen(command, env=environment)  # noqa: S603 - it is what the caller asks for
        # Only now, so that the child does not inherit the mask; signals stay blocked while the server is stopped.
        signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
        for number in received:
            child.send_signal(number)
        while child.poll() is None:
            number = _next_signal()
            if number in PASSED_ON:
                child.send_signal(number)
        return child.returncode if child.returncode >= 0 else 128 - child.returncode


def _next_signal() -> int:
    """Wait for a blocked signal and return it; 0 for Ctrl-C, which the terminal sends to the command too."""
    if sys.platform == "linux":
        info = signal.sigwaitinfo(AWAITED)
        # A positive code: sent by the kernel. A second SIGINT would interrupt the command's clean-up.
        return 0 if info.si_signo == signal.SIGINT and info.si_code > 0 else info.si_signo
    return signal.sigwait(AWAITED)


if __name__ == "__main__":
    sys.exit(main())
