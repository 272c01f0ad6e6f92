"""The shop served by gunicorn in a subprocess, on a free loopback port."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from testing.bot_api import DEADLINE, wait_until

REPOSITORY = Path(__file__).resolve().parents[1]


@contextmanager
def web(environment: dict[str, str], log: Path, workers: int = 1) -> Iterator[str]:
    """Serve the shop during the block; yields its URL.

    :param environment: as the fixture `subprocess_env` has it.
    :param log: what the processes say is appended here.
    """
    with web_process(environment, log, workers) as (url, _master):
        yield url


@contextmanager
def web_process(
    environment: dict[str, str], log: Path, workers: int = 1, *arguments: str
) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Serve the shop like `web`; yields the URL and gunicorn's master process.

    :param arguments: for gunicorn.
    """
    port = free_port()
    variables = {"PORT": str(port), "WEB_CONCURRENCY": str(workers)}
    with log.open("ab") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "shop.serve", *arguments],
            cwd=REPOSITORY,
            env=environment | variables,
            stdout=output,
            stderr=output,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: server.poll() is not None or _answers(url))
        assert server.poll() is None, log.read_text()
        yield url, server
    finally:
        server.terminate()
        server.wait(DEADLINE)


def free_port() -> int:
    """Return a free loopback port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/health", timeout=DEADLINE).ok
    except requests.ConnectionError:
        return False
