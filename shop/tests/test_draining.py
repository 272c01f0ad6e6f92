"""Graceful shutdown: a stopped or recycled web process serves every established connection."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from django.db import connection, transaction

from catalog.models import Variant
from conftest import Headers, Make
from testing.bot_api import DEADLINE, wait_until
from testing.web import REPOSITORY, web_process

pytestmark = pytest.mark.django_db(transaction=True)

REQUEST = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
# As systemd hands over the socket of a socket unit (sd_listen_fds(3)).
ACTIVATED = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.executable, [sys.executable, "-m", "shop.serve"])
"""


def booted(log: Path) -> list[int]:
    """List the process ids of all workers so far."""
    return [int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", log.read_text())]


@contextmanager
def held_up(process: int) -> Iterator[None]:
    """Keep a process from running during the block."""
    os.kill(process, signal.SIGSTOP)
    wait_until(lambda: "\nState:\tT" in Path(f"/proc/{process}/status").read_text())
    yield
    os.kill(process, signal.SIGCONT)


def was_told_to_stop(process: int) -> bool:
    """Tell whether a SIGTERM waits for a process that is held up."""
    pending = re.search(r"ShdPnd:\t(\w+)", Path(f"/proc/{process}/status").read_text())
    return bool(pending and int(pending[1], 16) & 1 << signal.SIGTERM - 1)


def connect(address: tuple[str, int]) -> socket.socket:
    """Establish a connection, and send a request on it."""
    client = socket.create_connection(address, timeout=DEADLINE)
    client.sendall(REQUEST)
    return client


def answers_to(clients: list[socket.socket]) -> list[str]:
    """Read all answers at once: gunicorn waits up to 2 s for each client to close its side (close_graceful)."""
    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(answer, clients))


def answer(client: socket.socket) -> str:
    """Read the answer until the server closes the connection."""
    with client, client.makefile("rb") as stream:
        return str(stream.read(), "ascii")


def test_connections_in_the_backlog_are_served_before_the_stop(subprocess_env: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with web_process(subprocess_env, log) as (url, master):
        (worker,) = booted(log)
        address = ("127.0.0.1", urlsplit(url).port or 0)
        with held_up(worker):
            clients = [connect(address) for _ in range(64)]
            master.terminate()
            wait_until(lambda: was_told_to_stop(worker))
        answers = answers_to(clients)
        assert [text.count("200 OK") for text in answers] == [1] * 64
        # A request read before the signal's handler runs keeps its usual headers; its connection is closed, too.
        assert any("Connection: close" in text for text in answers)
        assert master.wait(DEADLINE) == 0
        with pytest.raises(ConnectionRefusedError):
            connect(address)


def test_current_request_is_finished_after_sigterm(
    subprocess_env: dict[str, str], tmp_path: Path, make_product: Make, alice: Headers
) -> None:
    product = make_product(stock=5)
    log = tmp_path / "web.log"
    headers = {"Authorization": alice["HTTP_AUTHORIZATION"]}
    body = {"items": [{"product_id": product.pk, "quantity": 1}]}
    with web_process(subprocess_env, log) as (url, master), ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Variant.objects.select_for_update().get(product=product)
            placed = pool.submit(requests.post, f"{url}/api/v1/orders", json=body, headers=headers, timeout=DEADLINE)
            wait_until(connection_waits_for_us)
            master.terminate()
            wait_until(lambda: "Handling signal: term" in log.read_text())
        assert placed.result(DEADLINE).status_code == 201
        assert master.wait(DEADLINE) == 0


def connection_waits_for_us() -> bool:
    """Tell whether a connection waits for a lock of this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))")
        return bool(cursor.fetchone()[0])


def test_recycled_worker_loses_no_request(subprocess_env: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    recycling = ("--max-requests", "40", "--max-requests-jitter", "20")
    with web_process(subprocess_env, log, 2, *recycling) as (url, _master):

        def browse(_number: int) -> set[int]:
            with requests.Session() as browser:
                return {browser.get(f"{url}/health", timeout=DEADLINE).status_code for _ in range(50)}

        with ThreadPoolExecutor(16) as pool:
            assert set().union(*pool.map(browse, range(16))) == {200}
        assert len(booted(log)) > 2 + 2


@contextmanager
def activated(listener: socket.socket, environment: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Serve the shop on an inherited socket."""
    with log.open("ab") as output:
        server = subprocess.Popen(
            [sys.executable, "-c", ACTIVATED, str(listener.fileno())],
            cwd=REPOSITORY,
            env=environment | {"WEB_CONCURRENCY": "1"},
            pass_fds=(listener.fileno(),),
            stdout=output,
            stderr=output,
        )
    try:
        yield server
    finally:
        server.terminate()
        server.wait(DEADLINE)


def test_restart_on_a_socket_of_systemd_refuses_no_connection(subprocess_env: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        address = listener.getsockname()
        with activated(listener, subprocess_env, log):
            assert "200 OK" in answer(connect_once(address))
        between = [connect_once(address) for _ in range(32)]  # nothing runs
        with activated(listener, subprocess_env, log):
            assert ["200 OK" in text for text in answers_to(between)] == [True] * 32


def connect_once(address: tuple[str, int]) -> socket.socket:
    """Establish a connection that is closed after its answer."""
    client = socket.create_connection(address, timeout=DEADLINE)
    client.sendall(REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    return client
