"""`make run` in a fresh clone, as in the README: real processes, and an order with the printed curl command."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from shop.tests.telegram.conftest import server
from testing.bot_api import DEADLINE, BotAPIServer, wait_until
from testing.web import REPOSITORY, free_port

__all__ = ["server"]  # a fixture

CHAT = "-1001234567890"
# Values of a server, in the .env of a machine that also runs the demo.
SERVERS_LINES = f"""
DEBUG=off
SECRET_KEY="{"x" * 50}"
DATABASE_URL=postgresql://botshop:it's#secret@127.0.0.1:1/botshop
PORT=1
"""


@dataclass
class Demo:
    """A running `make run`."""

    url: str
    output: Path

    def says(self, text: str) -> str:
        """Wait until the text is printed, and return the whole output."""

        def printed() -> str:
            output = self.output.read_text(encoding="utf-8")
            return output if text in output else ""

        return str(wait_until(printed))

    def order(self) -> int:
        """Place the order of the printed curl command; return its number."""
        found = re.search(r"^curl .*", self.says("Ctrl-C stops everything."), re.MULTILINE)
        assert found is not None
        curl, url, *options = shlex.split(found[0])
        assert (curl, url, options[::2]) == ("curl", f"{self.url}/api/v1/orders", ["-H", "-H", "-d"])
        content_type, authorization, body = options[1::2]
        headers = dict(line.split(": ", 1) for line in (content_type, authorization))
        answer = requests.post(url, data=body.encode(), headers=headers, timeout=DEADLINE)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["number"])


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the files under version control; the installed packages are shared."""
    folder = tmp_path_factory.mktemp("clone") / "botshop"
    ignored = [line.strip("/") for line in (REPOSITORY / ".gitignore").read_text().split()]
    shutil.copytree(REPOSITORY, folder, ignore=shutil.ignore_patterns(".git", *ignored))
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


@pytest.fixture
def env_file(clone: Path) -> Iterator[Path]:
    """Return the path of the clone's `.env`, which does not exist yet."""
    path = clone / ".env"
    yield path
    path.unlink(missing_ok=True)


def make_run(clone: Path, port: int, *, stdout: int, stderr: int) -> "subprocess.Popen[bytes]":
    """Start `make run` with only the port set."""
    return subprocess.Popen(
        ["make", "--old-file=.venv/.installed", "run"],  # noqa: S607 - as it is typed
        cwd=clone,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PORT": str(port)},
        stdout=stdout,
        stderr=stderr,
    )


@contextmanager
def running(clone: Path) -> Iterator[Demo]:
    """Run the demo during the block, on a free port."""
    demo = Demo(f"http://127.0.0.1:{free_port()}", clone.parent / "output")
    with demo.output.open("wb") as output:
        make = make_run(clone, int(demo.url.rpartition(":")[2]), stdout=output.fileno(), stderr=output.fileno())
    try:
        wait_until(lambda: make.poll() is not None or _answers(demo.url), 4 * DEADLINE)
        assert make.poll() is None, demo.output.read_text(encoding="utf-8")
        yield demo
    finally:
        make.terminate()
        make.wait(DEADLINE)
    assert not _answers(demo.url)


def refused(clone: Path, port: int) -> str:
    """Return the output of a `make run` that exits with an error."""
    make = make_run(clone, port, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, said = make.communicate(timeout=2 * DEADLINE)
    assert make.returncode != 0
    return said.decode().partition("make: ***")[0]


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/health", timeout=DEADLINE).ok
    except requests.ConnectionError:
        return False


def test_clone_without_configuration_prints_the_message(clone: Path) -> None:
    with running(clone) as demo:
        number = demo.order()
        assert "Not taken from .env" not in demo.says(f"№{number}")
        # A second run in the same folder is refused, and does not affect the first.
        assert "already in use by another `make run`" in refused(clone, free_port())
        assert demo.order() > number


def test_unchanged_example_changes_nothing(clone: Path, env_file: Path) -> None:
    shutil.copy(clone / ".env.example", env_file)
    with running(clone) as demo:
        demo.says(f"№{demo.order()}")


def test_example_with_token_and_chat_sends_to_the_bot(clone: Path, env_file: Path, server: BotAPIServer) -> None:
    """The environment of `make run` takes precedence over .env in each of its processes."""
    token = "1234567890:SYNTHETIC-shop-test-token-not-a-real-bot"
    lines = {"TELEGRAM_BOT_TOKEN": token, "MANAGER_CHAT_ID": CHAT, "TELEGRAM_API_URL": server.url}
    example = (clone / ".env.example").read_text(encoding="utf-8")
    for name, value in lines.items():
        example, count = re.subn(rf"^{name}=.*", f"{name}={value}", example, flags=re.MULTILINE)
        assert count == 1
    env_file.write_text(example + SERVERS_LINES, encoding="utf-8")
    with running(clone) as demo:
        number = demo.order()
        (call,) = server.wait_for_calls(1)
        assert (call.path, call.chat_id) == (f"/bot{token}/sendMessage", CHAT)
        assert f"№{number}" in call.text
        printed = demo.says(f"arrives in Telegram, in {CHAT}.")
        assert "Not taken from .env, the environment says otherwise: DATABASE_URL, DEBUG, PORT\n" in printed
        assert token not in printed


def test_port_in_use_is_reported_in_one_line(clone: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused(clone, port)
    assert said.startswith(f"botshop cannot start: PORT: {port} cannot be used (Address already in use); ")
    assert said.count("\n") == 1


def test_invalid_line_is_reported_in_one_line(clone: Path, env_file: Path) -> None:
    env_file.write_text("PORT=8000\nsecret-word\n")
    assert refused(clone, free_port()) == "botshop cannot start: .env: line 2 is not understood; write NAME=value\n"


def test_tests_ignore_the_file(clone: Path, env_file: Path) -> None:
    """Otherwise `make test` would use a bot's token, and create its database on the server of a shop."""
    env_file.write_text(
        SERVERS_LINES + "TELEGRAM_BOT_TOKEN=secret-word\nEMAIL_FROM=secret-word\nLOG_FORMAT=secret-word\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", "import os, testing.settings; print(os.environ)"],
        cwd=clone,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "secret-word" not in done.stdout
    assert "127.0.0.1:1/" not in done.stdout
