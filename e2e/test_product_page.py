"""The page of a product: its properties, and the related products below it."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from catalog.models import Product
from e2e.conftest import OpenShop
from e2e.storefront import DEMO
from e2e.telegram import LIGHT
from e2e.test_every_page import OVERHANG

SIZES: dict[str, dict[str, Any]] = {
    "390": {"theme": LIGHT},
    "1280": {"in_telegram": False, "size": (1280, 800), "variables": DEMO},
}


@pytest.mark.parametrize("size", SIZES)
def test_properties_and_related_products(
    open_shop: OpenShop, demo_products: None, screenshots: Path, size: str
) -> None:
    # The first of its category to have a related product on each side.
    product = Product.objects.get(slug="assam-harmutti")
    shop = open_shop(f"/?product={product.pk}", **SIZES[size])
    expect(shop.heading(product.name)).to_be_visible()
    expect(shop.page.get_by_role("term").filter(has_text="Место")).to_be_visible()
    expect(shop.page.get_by_role("definition").filter(has_text="Ассам, Индия")).to_be_visible()
    related = shop.page.locator(".related .card")
    expect(related.first).to_be_visible()
    assert shop.page.evaluate(OVERHANG) <= 0
    for image in shop.page.locator(".product img, .related img").locator("visible=true").all()[:4]:
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", value=True)
    shop.page.evaluate("scrollTo(0, 0)")
    shop.page.screenshot(path=screenshots / f"product-{size}.png", full_page=True, animations="disabled")
    # The row scrolls, not the page.
    related.last.scroll_into_view_if_needed()
    assert shop.page.evaluate("scrollX") == 0
    name = related.last.locator("h3").inner_text()
    related.last.get_by_role("link").first.click()
    expect(shop.heading(name)).to_be_visible()
    assert shop.page.evaluate("scrollY") == 0
