"""How the page is served: how soon, and what a stranger is not given."""

import re
import statistics

import pytest
import requests
from playwright.sync_api import expect

from conftest import Make
from e2e.conftest import OpenShop, Serve
from e2e.storefront import DEMO, Storefront
from testing.bot_api import DEADLINE, wait_until


def test_stranger_gets_no_signature(serve: Serve, tea: Make) -> None:
    tea()
    pattern = re.compile(r"hash(=|%3D)[0-9a-f]{64}")
    assert not pattern.search(requests.get(f"{serve()}/", timeout=DEADLINE).text)
    # The control: in the demo there is one.
    assert pattern.search(requests.get(f"{serve(**DEMO)}/", timeout=DEADLINE).text)


def test_first_goods_wait_for_nothing_but_the_page(open_shop: OpenShop, demo_goods: None) -> None:
    shop = open_shop("/health")
    shop.page.route("**/*.js", lambda route: route.abort())
    shop.page.route("**/api/**", lambda route: route.abort())
    shop.enter()
    goods = shop.page.get_by_role("heading", level=3, include_hidden=True)
    expect(goods).to_have_count(12)
    expect(goods.first).to_be_visible()
    wait_until(lambda: shop.page.evaluate("document.querySelector('.card img').naturalWidth") > 0)


def test_first_goods_are_there_within_a_moment(
    open_shop: OpenShop, demo_goods: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Print how long a phone of a quarter of this machine's speed takes."""
    painted = [_first_paint(open_shop("/health")) for _ in range(5)]
    # A second is what is aimed at; the rest is for a machine that has other things to do.
    assert min(painted) < 3000
    with capsys.disabled():
        print(f"\nFirst goods after {statistics.median(painted):.0f} ms, with 4× CPU slowdown and nothing cached")


def _first_paint(shop: Storefront) -> float:
    session = shop.page.context.new_cdp_session(shop.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    shop.enter()
    shop.page.get_by_role("heading", level=3).first.wait_for()
    paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    return float(wait_until(lambda: shop.page.evaluate(paint)))
