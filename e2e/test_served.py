"""The served page: no init data in production, server-rendered products, loading time."""

import re
import statistics

import pytest
import requests
from playwright.sync_api import expect

from conftest import Make
from e2e.conftest import OpenShop, Serve
from e2e.storefront import DEMO, Storefront
from testing.bot_api import DEADLINE, wait_until


def test_production_signs_no_init_data(serve: Serve, tea: Make) -> None:
    tea()
    pattern = re.compile(r"hash(=|%3D)[0-9a-f]{64}")
    assert not pattern.search(requests.get(f"{serve()}/", timeout=DEADLINE).text)
    # Control: the demo's page has init data.
    assert pattern.search(requests.get(f"{serve(**DEMO)}/", timeout=DEADLINE).text)


def test_first_products_are_in_the_page(open_shop: OpenShop, demo_products: None) -> None:
    shop = open_shop("/health")
    shop.page.route("**/*.js", lambda route: route.abort())
    shop.page.route("**/api/**", lambda route: route.abort())
    shop.enter()
    products = shop.page.get_by_role("heading", level=3, include_hidden=True)
    expect(products).to_have_count(12)
    expect(products.first).to_be_visible()
    wait_until(lambda: shop.page.evaluate("document.querySelector('.card img').naturalWidth") > 0)


def test_first_products_are_painted_within_three_seconds(
    open_shop: OpenShop, demo_products: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Print the time to the first paint with the CPU slowed down by four."""
    painted = [_first_paint(open_shop("/health")) for _ in range(5)]
    # The goal is one second; the rest is for a busy machine.
    assert min(painted) < 3000
    with capsys.disabled():
        print(f"\nFirst products after {statistics.median(painted):.0f} ms, with 4× CPU slowdown and nothing cached")


def _first_paint(shop: Storefront) -> float:
    session = shop.page.context.new_cdp_session(shop.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    shop.enter()
    shop.page.get_by_role("heading", level=3).first.wait_for()
    paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    return float(wait_until(lambda: shop.page.evaluate(paint)))
