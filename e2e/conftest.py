"""Fixtures of the browser tests: Chromium, the shop with its worker, and visits of customers."""

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, sync_playwright
from pytest_django import Settings

from conftest import Make
from e2e.storefront import Storefront
from e2e.visits import Visits
from testing.bot_api import DEADLINE, BotAPIServer, wait_until
from testing.orders import bot_api, empty_queue
from testing.web import REPOSITORY, web

__all__ = ["bot_api", "empty_queue"]  # fixtures of testing.orders

# Playwright's event loop runs in this thread, and Django refuses queries in a thread with an event loop.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

DEBIANS_CHROMIUM = Path("/usr/bin/chromium")
SCREENSHOTS = Path(__file__).parent / "screenshots"
Serve = Callable[..., str]
OpenShop = Callable[..., Storefront]
_user_ids = itertools.count(500_000_001)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run the Chromium of the environment variable CHROMIUM, or else Debian's, or else Playwright's."""
    installed = str(DEBIANS_CHROMIUM) if DEBIANS_CHROMIUM.exists() else None
    executable = os.environ.get("CHROMIUM") or installed
    with sync_playwright() as playwright:
        # Only pages of this test are opened, and root in a container cannot use the sandbox.
        # A test plays Telegram's web client, which embeds a shop on a local address.
        frames = "--disable-features=LocalNetworkAccessChecks"
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", frames])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of static files, pictures and logs of this test run."""
    return tmp_path_factory.mktemp("e2e")


@pytest.fixture(scope="session")
def _servers(django_db_setup: None) -> Iterator[tuple[ExitStack, dict[tuple[tuple[str, str], ...], str]]]:
    # Kept for the session: a start takes longer than most tests. They are stopped before the database.
    with ExitStack() as stack:
        yield stack, {}


@pytest.fixture
def environment(subprocess_env: dict[str, str], run_folder: Path) -> dict[str, str]:
    """Return the environment of the shop with production settings."""
    return subprocess_env | {
        "DEBUG": "off",
        "DJANGO_SETTINGS_MODULE": "e2e.settings",
        "E2E_FOLDER": str(run_folder),
        "LANGUAGE_CODE": "ru",
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture
def serve(
    environment: dict[str, str],
    run_folder: Path,
    _servers: tuple[ExitStack, dict[tuple[tuple[str, str], ...], str]],
) -> Serve:
    """Return a function that serves the shop with some environment variables, and returns its URL."""
    stack, urls = _servers

    def start(**variables: str) -> str:
        key = tuple(sorted(variables.items()))
        if key not in urls:
            if not (run_folder / "static").exists():
                collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
                subprocess.run(collect, cwd=REPOSITORY, env=environment, check=True)
            urls[key] = stack.enter_context(web(environment | variables, run_folder / "web.log"))
        return urls[key]

    return start


@pytest.fixture
def worker(
    environment: dict[str, str], bot_api: BotAPIServer, empty_queue: None, run_folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker that sends the managers' messages to the test's Bot API."""
    with (run_folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "shop.worker"],
            cwd=REPOSITORY,
            env=environment | {"TELEGRAM_API_URL": bot_api.url},
            stdout=log,
            stderr=log,
        )
    try:
        wait_until(lambda: process.poll() is not None or _workers())
        assert process.poll() is None, (run_folder / "worker.log").read_text()
        yield process
    finally:
        process.kill()
        process.wait(DEADLINE)


def _workers() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return int(cursor.fetchone()[0])


@pytest.fixture
def visits(browser: Browser, serve: Serve) -> Iterator[Visits]:
    """Return an object that opens the shop in windows; fail on script errors and policy violations in them."""
    opened = Visits(browser, serve, user_id=next(_user_ids))
    yield opened
    opened.close()
    assert opened.errors == []


@pytest.fixture
def open_shop(visits: Visits) -> OpenShop:
    """Return a function that opens the shop, always as the same customer; see `Visits.open`."""
    return visits.open


@pytest.fixture
def tea(make_category: Make, make_product: Make) -> Make:
    """Return a function that creates a product in the category «Чай»."""
    category = make_category(name="Чай", slug="category-of-tea")

    def make(**fields: object) -> object:
        return make_product(**{"category": category, "name": "Иван-чай", "price": "390.00"} | fields)

    return make


@pytest.fixture(scope="session")
def _drawn(run_folder: Path) -> Path:
    return run_folder / "media"


@pytest.fixture
def demo_products(serve: Serve, settings: Settings, _drawn: Path) -> None:
    """Add the demo products; their pictures are drawn once per session."""
    settings.MEDIA_ROOT = _drawn
    call_command("seed", verbosity=0)


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Return the folder for screenshots, empty at the start of a run."""
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    SCREENSHOTS.mkdir()
    return SCREENSHOTS
