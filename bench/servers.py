"""Servers of the benchmark: the shop as in production, its worker, and the upper bound, all on loopback."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

REPOSITORY = Path(__file__).resolve().parents[1]
BOT_TOKEN = "1000000001:a-token-that-only-the-benchmark-knows"  # noqa: S105 - signs made-up customers
WORKERS = 2
Environment = Mapping[str, str]


def environment(*, database_url: str, bot_api_url: str) -> dict[str, str]:
    """Return the variables of production, all set, so that no `.env` affects them."""
    nothing = (
        "DATABASE_DIRECT_URL",
        "DATABASE_REPLICA_URL",
        "PUBLIC_URL",
        "REDIS_URL",
        "ADMIN_EMAILS",
        "EMAIL_URL",
        "SENTRY_DSN",
        "CORS_ALLOWED_ORIGINS",
    )
    no_throttles = ("THROTTLE_ANON", "THROTTLE_USER", "THROTTLE_ORDERS", "THROTTLE_WORK")
    return {
        **os.environ,
        **dict.fromkeys((*nothing, *no_throttles), ""),
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "DEBUG": "off",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "NO_PROXY": "127.0.0.1",
        "DATABASE_URL": database_url,
        "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
        "TELEGRAM_API_URL": bot_api_url,
        "TELEGRAM_INIT_DATA_TTL": "86400",
        "MANAGER_CHAT_ID": "1",
        "WEB_CONCURRENCY": str(WORKERS),
    }


def manage(*arguments: str, env: Environment) -> None:
    """Run a command of `manage.py` to its end."""
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=REPOSITORY, env=env, check=True)  # noqa: S603


@contextmanager
def shop(*, env: Environment, log: Path) -> Iterator[tuple[str, int]]:
    """Serve the shop with its worker; yields the URL and the process id of gunicorn's master."""
    port = _free_port()
    with (
        _process([sys.executable, "-m", "shop.serve"], {**env, "PORT": str(port)}, log) as master,
        _process([sys.executable, "-m", "shop.worker"], env, log),
    ):
        yield _address(port, master, log), master.pid


@contextmanager
def limit(*, bodies: Path, env: Environment, log: Path) -> Iterator[str]:
    """Serve the files of a folder with the bare WSGI function, under the same gunicorn settings; yields the URL."""
    port = _free_port()
    (bodies / "health").write_bytes(b"{}")
    command = [sys.executable, "-m", "gunicorn", "-c", "python:shop.runtime.gunicorn", "bench.limit:application"]
    with _process(
        [*command, "--log-level", "warning"], {**env, "PORT": str(port), "LIMIT_BODIES": str(bodies)}, log
    ) as master:
        yield _address(port, master, log)


@contextmanager
def _process(command: Sequence[str], env: Environment, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("ab") as output:
        # In its own session: Ctrl-C goes to the benchmark, which then stops the servers in order.
        started = subprocess.Popen(  # noqa: S603 - our own command line
            command, cwd=REPOSITORY, env=env, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, 9)
            started.wait()


def _address(port: int, server: "subprocess.Popen[bytes]", log: Path) -> str:
    """Wait until the server answers."""
    url = f"http://127.0.0.1:{port}"
    while server.poll() is None:
        try:
            requests.get(f"{url}/health", timeout=30).raise_for_status()
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return url
    sys.exit(f"a server did not start; it said:\n{log.read_text()}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
