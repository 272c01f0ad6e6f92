"""How the page is served: its rules for scripts, its weight, and what a stranger is not given."""

import gzip
import re
from pathlib import Path

import requests

from conftest import Make
from e2e.conftest import OpenShop, Serve
from shop.tests.bot_api import DEADLINE

STATIC = Path(__file__).resolve().parents[1] / "shop" / "static" / "storefront"
MOST_JAVASCRIPT = 60 * 1024  # bytes, compressed


def test_weight_of_all_scripts() -> None:
    scripts = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in STATIC.rglob("*.js")}
    assert scripts
    assert sum(scripts.values()) <= MOST_JAVASCRIPT, scripts


def test_page_takes_scripts_from_nowhere_else(serve: Serve, tea: Make) -> None:
    tea()
    answer = requests.get(f"{serve()}/", timeout=DEADLINE)
    rules = {
        name: sources.split()
        for name, _, sources in (
            rule.strip().partition(" ") for rule in answer.headers["Content-Security-Policy"].split(";")
        )
    }
    for name in ("script-src", "style-src"):
        assert {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:"} & set(
            rules.get(name, rules["default-src"])
        ) == set()
    assert [source for source in rules["script-src"] if "://" in source] == ["https://telegram.org"] or any(
        source.startswith("https://telegram.org/") for source in rules["script-src"]
    )
    assert rules["base-uri"] in (["'none'"], ["'self'"])
    # Telegram's web client shows the page in a frame, and nobody else may.
    assert "https://web.telegram.org" in rules["frame-ancestors"]
    assert "*" not in rules["frame-ancestors"]


def test_stranger_gets_no_signature(serve: Serve, tea: Make) -> None:
    tea()
    pattern = re.compile(r"hash(=|%3D)[0-9a-f]{64}")
    assert not pattern.search(requests.get(f"{serve()}/", timeout=DEADLINE).text)
    # The control: in the demo there is one.
    assert pattern.search(requests.get(f"{serve(DEBUG='on')}/", timeout=DEADLINE).text)


def test_first_goods_are_there_within_a_moment(open_shop: OpenShop, demo_goods: None) -> None:
    """Print how long a phone of a quarter of this machine's speed takes; a clock is no reason to fail."""
    shop = open_shop("/health")
    session = shop.page.context.new_cdp_session(shop.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    shop.page.goto(shop.page.url.replace("/health", "/"))
    shop.page.get_by_role("heading", level=3).first.wait_for()
    paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    print(f"First paint after {shop.page.evaluate(paint):.0f} ms with 4× CPU slowdown")
