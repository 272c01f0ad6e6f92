"""Screenshots of every page, saved in e2e/screenshots for review."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from catalog.models import Product, Variant
from conftest import Make
from e2e.conftest import OpenShop
from e2e.storefront import DEMO, Storefront
from e2e.telegram import DARK, LIGHT
from e2e.tour import walk

LOOKS: dict[str, dict[str, Any]] = {
    "ru-light": {"language": "ru", "theme": LIGHT},
    "ru-dark": {"language": "ru", "theme": DARK},
    "en-light": {"language": "en", "theme": LIGHT},
    "ru-320": {"language": "ru", "theme": LIGHT, "size": (320, 568)},
    "ru-1280": {"language": "ru", "in_telegram": False, "size": (1280, 800), "variables": DEMO},
}


@pytest.mark.parametrize("look", LOOKS)
def test_screenshots_of_every_page(open_shop: OpenShop, demo_products: None, screenshots: Path, look: str) -> None:
    shop = open_shop(**LOOKS[look])
    product = Product.objects.filter(is_available=True).order_by("-pk")[1]
    for number, page in enumerate(walk(shop, product), 1):
        for image in shop.page.get_by_role("main").get_by_role("img").locator("visible=true").all()[:4]:
            expect(image).to_have_js_property("complete", value=True)
        shop.page.screenshot(path=screenshots / f"{look}-{number}-{page}.png", animations="disabled")


@pytest.mark.parametrize("look", ["ru-light", "ru-1280"])
def test_screenshots_of_a_search(open_shop: OpenShop, demo_products: None, screenshots: Path, look: str) -> None:
    shop = open_shop(**LOOKS[look])
    for name, text, shown in [
        ("suggestions", "чай", r"^\d+ товар"),
        ("corrected", "ulun", "показаны результаты по запросу «улун»"),
        ("most-words", "шоколад с единорогом", "показаны результаты по запросу «шоколад»"),
        ("nothing", "велосипед", "загляните в категории"),
    ]:
        shop.field("search").fill(text)
        shop.wait_for_text(shown)
        if name != "nothing":
            expect(shop.suggestions().get_by_role("link").first).to_be_visible()
        for image in shop.page.get_by_role("main").get_by_role("img").locator("visible=true").all()[:8]:
            expect(image).to_have_js_property("complete", value=True)
        shop.page.screenshot(path=screenshots / f"{look}-search-{name}.png", animations="disabled")


def test_screenshots_of_errors(open_shop: OpenShop, demo_products: None, tea: Make, screenshots: Path) -> None:
    tea(name="Чай недели", price="390.00", stock=9, images=["demo/ch-001-1.jpg"])

    def picture(shop: Storefront, name: str) -> None:
        shop.page.screenshot(path=screenshots / f"trouble-{name}.png", animations="disabled")

    shop = open_shop()
    shop.field("search").fill("велосипед")
    shop.wait_for_text("ничего не нашлось")
    picture(shop, "nothing-found")
    shop.link("orders").first.click()
    shop.wait_for_text("заказов пока нет")
    picture(shop, "no-orders")
    shop.back()
    shop.field("search").fill("Чай недели")
    shop.fill_checkout("Чай недели")
    shop.page.context.set_offline(True)
    shop.place_order()
    shop.wait_for_text("нет связи")
    picture(shop, "offline")
    shop.page.context.set_offline(False)
    Variant.objects.filter(product__name="Чай недели").update(price="420.00")
    shop.place_order()
    shop.wait_for_text("стало 420 ₽")
    picture(shop, "price-changed")
    Variant.objects.filter(product__name="Чай недели").update(stock=0)
    shop.press("confirm")
    shop.wait_for_text("не хватает")
    picture(shop, "sold-out")
    expired = open_shop(age=3700)
    expired.link("orders").first.click()
    expired.wait_for_text("сеанс истёк")
    picture(expired, "expired")
