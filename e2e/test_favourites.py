"""Favourites: hearts on tiles and on the product page, and the page that lists them."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from catalog.models import Product
from conftest import Make
from customers.models import Favourite
from e2e.conftest import OpenShop
from testing.bot_api import wait_until


def test_heart_is_kept_and_listed(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай")
    jam = tea(name="Варенье")
    shop = open_shop()
    heart = shop.button("favourite", "Варенье")
    expect(heart).to_have_attribute("aria-pressed", "false")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    wait_until(lambda: list(Favourite.objects.values_list("product", flat=True)) == [jam.pk])
    shop.reload()
    expect(heart).to_have_attribute("aria-pressed", "true")
    shop.link("favourites").click()
    expect(shop.heading("Избранное")).to_be_visible()
    expect(shop.product("Варенье").first).to_be_visible()
    expect(shop.product("Иван-чай")).to_have_count(0)
    shop.product("Варенье").first.click()
    expect(shop.heading("Варенье")).to_be_visible()
    expect(heart).to_have_attribute("aria-pressed", "true")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "false")
    wait_until(lambda: not Favourite.objects.exists())
    shop.back()
    shop.wait_for_text("в избранном пусто")


def test_heart_goes_back_if_the_shop_does_not_answer(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай")
    shop = open_shop()
    heart = shop.button("favourite", "Иван-чай")
    expect(heart).to_be_visible()
    held: list[Route] = []
    shop.page.route(re.compile("/users/me/favourites/[0-9]+$"), lambda route: held.append(route))
    with shop.page.expect_request(re.compile("/users/me/favourites/[0-9]+$")):
        heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    held[0].abort()
    expect(heart).to_have_attribute("aria-pressed", "false")
    shop.wait_for_text("нет связи")


def test_there_are_no_hearts_without_telegram(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай")
    shop = open_shop(in_telegram=False)
    expect(shop.product("Иван-чай")).to_be_visible()
    expect(shop.button("add", "Иван-чай")).to_be_visible()
    expect(shop.button("favourite")).to_have_count(0)
    expect(shop.link("favourites")).to_have_count(0)


@pytest.mark.parametrize("size", [(390, 844), (320, 568)], ids=["390", "320"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_screenshots_of_favourites(
    open_shop: OpenShop, demo_products: None, screenshots: Path, language: str, size: tuple[int, int]
) -> None:
    shop = open_shop(language=language, size=size)
    names = Product.objects.filter(is_available=True).order_by("-pk").values_list("name", flat=True)[:3]
    for name in names:
        shop.button("favourite", name).first.click()
    box = shop.button("favourite").first.bounding_box()
    assert box
    assert (box["width"], box["height"]) == (44, 44)
    look = f"{language}-{size[0]}"
    shop.page.screenshot(path=screenshots / f"favourites-{look}-tiles.png", animations="disabled")
    shop.link("favourites").click()
    expect(shop.product(names[0]).first).to_be_visible()
    for image in shop.page.get_by_role("main").locator("img").locator("visible=true").all()[:4]:
        expect(image).to_have_js_property("complete", value=True)
    shop.page.screenshot(path=screenshots / f"favourites-{look}-page.png", animations="disabled")
    shop.product(names[0]).first.click()
    expect(shop.button("favourite")).to_have_attribute("aria-pressed", "true")
    shop.page.screenshot(path=screenshots / f"favourites-{look}-product.png", animations="disabled")
