"""Embedded PostgreSQL: start, stop and signals, with real servers."""

import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import environ
import psycopg
import pytest

from demo.postgres import NotRunning, PostgresError, running, url_of_running

REPOSITORY = Path(__file__).resolve().parents[2]
SECONDS = 60.0

QUERY = """
import os, psycopg, sys
with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
    cursor = connection.execute(sys.argv[1])
    if cursor.description:
        print(*cursor.fetchone())
sys.exit(int(sys.argv[2]))
"""

# Waits for a signal or the end of the wrapper, then takes some time for a clean-up that needs the database.
SERVICE = """
import os, psycopg, signal, sys, time
received, parent = [], os.getppid()
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda number, _: received.append(number))
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print("up", *connection.execute("SHOW data_directory").fetchone(), flush=True)
while not received and os.getppid() == parent:
    time.sleep(0.01)
time.sleep(0.3)
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print("clean after", received, *connection.execute("SELECT 1").fetchone(), flush=True)
sys.exit(5)
"""


def arguments(*options: str | Path, command: tuple[str, ...]) -> list[str]:
    """Return the command line of the wrapper with a Python command."""
    return [sys.executable, "-m", "demo.postgres", *map(str, options), "--", sys.executable, "-c", *command]


def environment(**variables: str) -> dict[str, str]:
    """Return the environment of the wrapper, without the database of the test session."""
    return {**os.environ, "PYTHONIOENCODING": "utf-8", "DATABASE_URL": "", **variables}


def run(*options: str | Path, command: tuple[str, ...], **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the wrapper until it exits."""
    return subprocess.run(
        arguments(*options, command=command),
        cwd=REPOSITORY,
        env=environment(**variables),
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


@contextmanager
def service(*options: str | Path, **variables: str) -> Iterator["subprocess.Popen[str]"]:
    """Run the wrapper with SERVICE; the block begins when SERVICE is connected to the database."""
    wrapper = subprocess.Popen(
        arguments(*options, command=(SERVICE,)),
        cwd=REPOSITORY,
        env=environment(**variables),
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    with wrapper:
        try:
            assert wrapper.stdout is not None
            assert wrapper.stdout.readline().startswith("up ")
            yield wrapper
        finally:
            wrapper.terminate()
            wrapper.wait(SECONDS)


def wait_until(event: Callable[[], bool]) -> None:
    """Wait for the event; fail after the timeout."""
    deadline = time.monotonic() + SECONDS
    while not event():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def server_of(data: Path) -> int:
    """Return the process id of the server on the data folder."""
    return int((data / "postmaster.pid").read_text().split()[0])


def lives(pid: int) -> bool:
    """Return whether the process exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def sockets_of(data: Path) -> Path:
    """Return the socket folder of the server on the data folder."""
    return Path((data / "postmaster.pid").read_text().splitlines()[4])


def test_data_is_kept_in_any_path_and_exit_code_is_returned(tmp_path: Path) -> None:
    """The second run has the data of the first; parent folders keep their owner and mode."""
    top = tmp_path / "мой магазин"
    top.mkdir(mode=0o700)
    data = top / "новая 'папка'" / "данные $HOME"
    parents = [top, *top.parents]
    before = [(folder.stat().st_mode, folder.stat().st_uid, folder.stat().st_gid) for folder in parents]

    first = run("--data", data, command=(QUERY, "CREATE TABLE kept AS SELECT lower('ПРИВЕТ') AS word", "0"))
    second = run("--data", data, command=(QUERY, "SELECT word, current_setting('fsync') FROM kept", "7"))

    assert (first.returncode, first.stderr) == (0, "")
    assert (second.returncode, second.stdout, second.stderr) == (7, "привет on\n", "")
    after = [(folder.stat().st_mode, folder.stat().st_uid, folder.stat().st_gid) for folder in parents]
    assert after == before
    if os.geteuid() == 0:
        assert data.stat().st_uid != 0
        assert data.parent.stat().st_uid == 0


def test_command_stops_before_the_server_and_a_second_start_is_refused(tmp_path: Path) -> None:
    """SIGTERM to the wrapper is forwarded to the command, which still has its database."""
    data = tmp_path / "data"
    with service("--data", data) as wrapper:
        server, sockets = server_of(data), sockets_of(data)
        second = run("--data", data, command=(QUERY, "SELECT 1", "0"))
        assert second.returncode == 1
        assert second.stderr.count("\n") == 1
        assert "already in use by another `make run`" in second.stderr
        with psycopg.connect(url_of_running(data)) as connection:
            assert connection.execute("SELECT current_database()").fetchone() == ("botshop",)
        wrapper.send_signal(signal.SIGTERM)
        assert wrapper.stdout is not None
        assert wrapper.stdout.read() == f"clean after [{signal.SIGTERM.value}] 1\n"
        assert wrapper.wait(SECONDS) == 5
        assert not lives(server)
        assert not sockets.exists()
    with pytest.raises(NotRunning, match="make run"):
        url_of_running(data)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a signal does not tell where it comes from")
def test_ctrl_c_reaches_the_command_once(tmp_path: Path) -> None:
    """Ctrl-C in a terminal interrupts the command once; the database is stopped after it."""
    data = tmp_path / "data"
    master, terminal = pty.openpty()
    own_terminal = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    own_terminal += "os.execv(sys.argv[1], sys.argv[1:])"
    wrapper = subprocess.Popen(
        [sys.executable, "-c", own_terminal, *arguments("--data", data, command=(SERVICE,))],
        cwd=REPOSITORY,
        env=environment(),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    try:
        output = b""
        while not output.endswith(b"\n"):
            output += os.read(master, 1000)
        assert output.startswith(b"up ")
        server = server_of(data)
        os.write(master, b"\x03")
        output = b""
        while b"clean" not in output or not output.endswith(b"\n"):
            output += os.read(master, 1000)
        assert f"clean after [{signal.SIGINT.value}] 1\r\n" in output.decode()
        assert wrapper.wait(SECONDS) == 5
        assert not lives(server)
    finally:
        os.close(master)
        wrapper.kill()
        wrapper.wait(SECONDS)


@pytest.mark.skipif(sys.platform != "linux", reason="needs the death signal of Linux")
def test_server_stops_after_its_wrapper_is_killed(tmp_path: Path) -> None:
    """After a SIGKILL of the wrapper the server stops, and the next start works and cleans up."""
    data = tmp_path / "data"
    with service("--data", data) as wrapper:
        server, sockets = server_of(data), sockets_of(data)
        wrapper.kill()
        again = run("--data", data, command=(QUERY, "SELECT 1", "0"))  # may begin during the shutdown
        assert (again.returncode, again.stdout, again.stderr) == (0, "1\n", "")
        wait_until(lambda: not lives(server))
        assert not sockets.exists()
    with running(data):
        server = server_of(data)
    wait_until(lambda: not lives(server))


def test_orphan_is_stopped_by_the_next_start(tmp_path: Path) -> None:
    """Without a death signal (macOS), the next start stops the server of a killed wrapper."""
    data = tmp_path / "data"
    deaf = without_death_signal(tmp_path)
    with service("--data", data, PATH=deaf) as wrapper:
        server = server_of(data)
        wrapper.kill()
        wrapper.wait(SECONDS)
        assert lives(server)
        again = run("--data", data, command=(QUERY, "SELECT 1", "0"), PATH=deaf)
        assert (again.returncode, again.stdout, again.stderr) == (0, "1\n", "")
        wait_until(lambda: not lives(server))


def without_death_signal(folder: Path) -> str:
    """Make a PATH with a setpriv that ignores only the death signal: root cannot start without setpriv."""
    script = folder / "setpriv"
    script.write_text(
        '#!/bin/sh\n[ "$1" = --pdeathsig ] && shift 2\n[ "$1" = -- ] && shift && exec "$@"\n'
        f'exec {shutil.which("setpriv")} "$@"\n'
    )
    script.chmod(0o755)
    return f"{folder}:/usr/bin:/bin"


def test_stale_pid_file_is_ignored_and_other_version_is_refused(tmp_path: Path) -> None:
    """A stale pid file with a reused pid is ignored; the data folder of another version is refused."""
    data = tmp_path / "data"
    with running(data, durable=False):
        lines = (data / "postmaster.pid").read_text().splitlines()
    (data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with pytest.raises(NotRunning):
        url_of_running(data)
    with running(data, durable=False) as url:
        assert url == url_of_running(data)
        settings = environ.Env.db_url_config(url)
        assert settings["OPTIONS"] == {"host": str(sockets_of(data))}
        assert (settings["NAME"], settings["USER"], settings["PORT"]) == ("botshop", "postgres", 5432)
    (data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(PostgresError, match="move that folder away"), running(data):
        pass


def test_temporary_database_is_removed() -> None:
    """A temporary database is not durable, and is removed afterwards with its sockets."""
    names = ("data_directory", "unix_socket_directories", "fsync")
    sql = "SELECT " + ", ".join(f"current_setting('{name}')" for name in names)
    done = run("--temporary", command=(QUERY, sql, "0"))
    data, sockets, fsync = done.stdout.split()
    assert (done.returncode, fsync) == (0, "off")
    assert not Path(data).parent.exists()
    assert not Path(sockets).exists()


def test_database_url_is_used_unchanged(tmp_path: Path) -> None:
    """If DATABASE_URL is set, only the command is run."""
    data = tmp_path / "data"
    code = "import os, sys; print(os.environ['DATABASE_URL'], *sys.argv[1:]); sys.exit(3)"
    done = run("--data", data, command=(code, "--", "-x y"), DATABASE_URL="postgresql://elsewhere/x")
    assert (done.returncode, done.stdout) == (3, "postgresql://elsewhere/x -- -x y\n")
    assert list(tmp_path.iterdir()) == []
