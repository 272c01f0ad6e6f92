"""Start and stop of an embedded server on a data folder, one at a time, also after a killed run."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from demo.postgres.addresses import PORT, PostgresError, address_of, pid_file, url_on
from demo.postgres.programs import MAJOR, beside, binary, call, environment, initdb, launcher

START_SECONDS = 60.0
STOP_SECONDS = 30.0
POLL_SECONDS = 0.02
OPTIONS = ("-c", "listen_addresses=", "-c", f"port={PORT}", "-c", "max_connections=200")
NOT_DURABLE = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
CREATE = """SELECT 'CREATE DATABASE botshop'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'botshop') \\gexec"""


@contextmanager
def running(data: Path, *, durable: bool = True) -> Iterator[str]:
    """Run a server on the folder `data` (created on first use) during the block; yields its DATABASE_URL.

    Call it from a thread that outlives the block: the kernel stops the server when that thread ends.
    """
    data = data.resolve()  # a folder has one lock, also through symbolic links
    data.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        lock = stack.enter_context(beside(data, "lock").open("a+"))
        if not _locked(lock):
            message = f"the database in {data} is already in use by another `make run`: stop that one first"
            raise PostgresError(message)
        prefix, owner = launcher(data)
        if not (data / "PG_VERSION").exists():
            initdb(data, prefix, owner, durable=durable)
        _require_same_version(data)
        # The server inherits this file, and so holds the lock until all its processes have ended.
        alive = stack.enter_context((data / "PG_VERSION").open())
        _stop_orphan(data, alive)
        _remove_sockets_of_killed_run(lock)
        # Not below the data folder: the path of a socket has at most about a hundred bytes. As root, the folder
        # belongs to root: other processes of the server's user must not get its capability.
        sockets = Path(tempfile.mkdtemp(prefix="botshop-", dir="/tmp"))
        stack.callback(shutil.rmtree, sockets, ignore_errors=True)
        lock.write(str(sockets))
        lock.flush()
        if owner is not None:
            os.chown(data, *owner)
        log = stack.enter_context(beside(data, "log").open("wb"))
        command = [*prefix, binary("postgres"), "-D", str(data), "-k", str(sockets), *OPTIONS]
        server = subprocess.Popen(  # noqa: S603 - the command is ours, without a shell
            command if durable else [*command, *NOT_DURABLE],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=environment(),
            pass_fds=(alive.fileno(),),
            start_new_session=True,  # Ctrl-C must reach only the command; the database is stopped after it
        )
        stack.callback(stop, server)
        alive.close()
        _wait_until_ready(data, server)
        client = [binary("psql"), "--no-psqlrc", "--set=ON_ERROR_STOP=1", url_on(sockets, PORT, "postgres")]
        call([*prefix, *client], CREATE)
        yield url_on(sockets, PORT)


def _require_same_version(data: Path) -> None:
    version = (data / "PG_VERSION").read_text().strip()
    if version != MAJOR:
        message = f"PostgreSQL {version} made {data}, and this is PostgreSQL {MAJOR}: move that folder away"
        raise PostgresError(message)


def _wait_until_ready(data: Path, server: "subprocess.Popen[bytes]") -> None:
    """Wait until the server reports in its pid file that it accepts connections."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        status = pid_file(data)
        if status[0] == str(server.pid) and status[7:8] == ["ready"]:
            return
        if server.poll() is not None or time.monotonic() > deadline:
            log = beside(data, "log")
            tail = " | ".join(log.read_text(errors="replace").splitlines()[-5:])
            message = f"PostgreSQL did not start, {log} ends with: {tail}"
            raise PostgresError(message)
        time.sleep(POLL_SECONDS)


def stop(server: "subprocess.Popen[bytes]") -> None:
    """Stop the server: fast shutdown, then immediate shutdown, then SIGKILL."""
    for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, None)):
        server.send_signal(number)
        try:
            server.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        return


def _stop_orphan(data: Path, alive: IO[str]) -> None:
    """Stop the server that a killed run has left on `data`, and acquire its lock `alive`."""
    deadline = time.monotonic() + STOP_SECONDS
    while not _locked(alive):
        pid = pid_file(data)[0]
        if time.monotonic() > deadline:
            message = f"the server of an earlier run (process {pid}) does not stop: end it, then try again"
            raise PostgresError(message)
        if pid.isdecimal():
            with suppress(ProcessLookupError):  # it may have ended meanwhile
                os.kill(int(pid), signal.SIGINT)
        time.sleep(POLL_SECONDS)
    if address_of(data) is not None:
        message = f"a server that was started by other means runs on {data}: stop it, or set DATABASE_URL"
        raise PostgresError(message)
    # PostgreSQL would refuse to start if another process has the stale pid.
    (data / "postmaster.pid").unlink(missing_ok=True)


def _remove_sockets_of_killed_run(lock: IO[str]) -> None:
    """Remove the socket folder in /tmp that a killed run has left; the lock file has its path."""
    lock.seek(0)
    left = lock.read()
    lock.truncate(0)
    if re.fullmatch(r"/tmp/botshop-\w+", left):  # noqa: S108 - the name is mkdtemp's
        shutil.rmtree(left, ignore_errors=True)


def _locked(file: IO[str]) -> bool:
    """Lock the open file unless another process holds the lock; the lock lives as long as the file is open."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
