"""Tests of every page: reload, one language, no overflow, dark theme."""

import re

import pytest
from playwright.sync_api import expect

from conftest import Make
from e2e.conftest import OpenShop
from e2e.storefront import DEMO, Storefront
from e2e.telegram import DARK
from e2e.tour import walk
from testing.merchant import SetShop

PAGES = ["catalog", "product", "cart", "checkout", "placed", "orders", "order"]
OVERHANG = "() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth"


def content(shop: Storefront) -> str:
    """Return the accessibility tree of the page."""
    return str(shop.page.get_by_role("main").aria_snapshot())


@pytest.mark.parametrize("in_telegram", [True, False])
def test_reload_shows_the_same_page(open_shop: OpenShop, tea: Make, in_telegram: bool) -> None:
    product = tea(name="Иван-чай")
    shop = open_shop(in_telegram=in_telegram, variables={} if in_telegram else DEMO)
    if in_telegram:
        shop.telegram.wait_for_script()
    seen = []
    for page in walk(shop, product):
        seen.append(page)
        heading = shop.page.get_by_role("heading", level=1)
        title, before = heading.first.inner_text(), content(shop)
        shop.reload()
        expect(heading.first).to_have_text(title)
        if in_telegram:
            shop.telegram.wait_for_script()
        expect(shop.page.get_by_role("main")).to_match_aria_snapshot(before)
    assert seen == PAGES


@pytest.mark.parametrize("size", [(320, 568), (1280, 800)], ids=["320", "1280"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_page_overflows_the_window(
    open_shop: OpenShop, demo_products: None, make_product: Make, size: tuple[int, int], language: str
) -> None:
    product = make_product(name="Оченьдлинноеназваниебезпробелов" * 3, price="9999999.99", old_price="99999999.99")
    shop = open_shop(size=size, language=language)
    for page in walk(shop, product):
        assert shop.page.evaluate(OVERHANG) <= 0, page


def test_english_pages_have_no_russian_words(
    open_shop: OpenShop, make_category: Make, make_product: Make, set_shop: SetShop
) -> None:
    set_shop(name="Tea")
    product = make_product(name="Ivan tea", category=make_category(name="Tea"), description="From Vologda.")
    shop = open_shop(language="en")
    expect(shop.page.locator("html")).to_have_attribute("lang", "en")
    for page in walk(shop, product):
        said = re.sub("Анна Ким|Вологда, Мира 1|Позвоните за час", "", shop.page.locator("body").inner_text())
        assert re.findall("[А-Яа-яЁё]+", said) == [], page
        if shop.telegram.main_button_text():
            assert not re.search("[А-Яа-яЁё]", shop.telegram.main_button_text()), page


def test_russian_pages_have_no_english_words(open_shop: OpenShop, tea: Make) -> None:
    product = tea(name="Иван-чай", description="Собран под Вологдой.", sku="7")
    shop = open_shop(language="ru")
    expect(shop.page.locator("html")).to_have_attribute("lang", "ru")
    for page in walk(shop, product):
        said = shop.page.locator("body").inner_text().replace("Telegram", "")
        assert re.findall("[A-Za-z]+", said) == [], page


def test_other_languages_get_english(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(language="de")
    expect(shop.page.get_by_label("Search products")).to_be_visible()


def test_every_page_is_dark_in_the_dark_theme(open_shop: OpenShop, tea: Make) -> None:
    product = tea()
    shop = open_shop(theme=DARK)
    for page in walk(shop, product):
        expect(shop.page.locator("html"), page).to_have_css("background-color", "rgb(23, 33, 43)")
        expect(shop.page.get_by_role("main"), page).to_have_css("color", "rgb(245, 245, 245)")


def test_user_input_is_never_markup(open_shop: OpenShop, make_category: Make, make_product: Make) -> None:
    markup = "<img src=x onerror='document.title = 1'><b>жирный"
    category = make_category(name=markup)
    product = make_product(name=f"Чай {markup}", category=category, description=markup, images=[markup])
    shop = open_shop()
    for page in walk(shop, product):
        expect(shop.page.get_by_role("main")).to_contain_text("<b>жирный")
        assert shop.page.locator("main b, main img[src=x], .categories b").count() == 0, page
        assert shop.page.title() != "1", page


def test_reduced_motion_disables_animations(open_shop: OpenShop, tea: Make) -> None:
    product = tea(name="Иван-чай")
    moving = """() => [...document.querySelectorAll("*")]
        .filter((element) => getComputedStyle(element).animationName !== "none").length"""
    shop = open_shop(in_telegram=False, variables=DEMO)
    assert max(shop.page.evaluate(moving) for _ in walk(shop, product)) > 0
    still = open_shop(in_telegram=False, variables=DEMO)
    still.page.emulate_media(reduced_motion="reduce")
    for page in walk(still, product):
        assert still.page.evaluate(moving) == 0, page
        assert not still.page.evaluate("document.getAnimations().length"), page
