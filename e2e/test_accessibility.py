"""Accessibility: no axe-core violations on any page, light or dark; focus; orders with the keyboard only."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from catalog.models import Variant
from conftest import Make
from e2e.conftest import OpenShop
from e2e.storefront import DEMO, Storefront
from e2e.telegram import DARK, LIGHT, OLD_DARK
from e2e.tour import walk
from orders.models import Order


def violations(shop: Storefront) -> list[dict[str, Any]]:
    """List the violations that axe-core finds, with their elements."""
    # After all animations: colours are different during a fade-in.
    at_rest = """() => Promise.allSettled(document.getAnimations()
        .filter((each) => Number.isFinite(each.effect.getComputedTiming().endTime)).map(({ finished }) => finished))"""
    shop.page.evaluate(at_rest)
    return [
        {"id": rule["id"], "where": [(node["target"], node["failureSummary"]) for node in rule["nodes"]]}
        for rule in Axe().run(shop.page).response["violations"]
    ]


@pytest.mark.parametrize("theme", [LIGHT, DARK, OLD_DARK], ids=["light", "dark", "old dark"])
def test_pages_in_telegram_have_no_violations(
    open_shop: OpenShop, demo_products: None, tea: Make, theme: dict[str, str]
) -> None:
    product = tea(name="Чай недели", price="390.00", old_price="450.00", images=["demo/ch-001-1.jpg"])
    shop = open_shop(theme=theme)
    for page in walk(shop, product):
        assert violations(shop) == [], page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_in_a_browser_have_no_violations(
    open_shop: OpenShop, demo_products: None, tea: Make, scheme: str
) -> None:
    product = tea(name="Чай недели", price="390.00", old_price="450.00", images=["demo/ch-001-1.jpg"])
    shop = open_shop(in_telegram=False, variables=DEMO, size=(1280, 800), color_scheme=scheme)
    for page in walk(shop, product):
        assert violations(shop) == [], page


def test_error_messages_have_no_violations(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай")
    shop = open_shop()
    shop.fill_checkout(phone="12")
    shop.place_order()
    shop.wait_for_text("укажите номер телефона")
    assert violations(shop) == []
    shop.fill(phone="+7 912 345-67-89")
    shop.page.context.set_offline(True)
    shop.place_order()
    shop.wait_for_text("нет связи|не подтверждён")
    assert violations(shop) == []


def test_errors_are_announced_to_screen_readers(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай")
    shop = open_shop()
    shop.fill_checkout()
    shop.page.context.set_offline(True)
    shop.place_order()
    live = shop.page.get_by_role("alert").or_(shop.page.get_by_role("status")).or_(shop.page.locator(":focus"))
    expect(live.filter(has_text="Нет связи").first).to_be_visible()


def test_order_is_placed_with_the_keyboard_only(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай")
    shop = open_shop(in_telegram=False, variables=DEMO, size=(1280, 800))
    keys = shop.page.keyboard

    def tab_to(key: str) -> None:
        aim = shop.button(key).or_(shop.link(key)).or_(shop.field(key))
        for _ in range(60):
            keys.press("Tab")
            if aim.and_(shop.page.locator(":focus")).count():
                return
        raise AssertionError(f"the Tab key does not come to {key}")

    expect(shop.product("Иван-чай")).to_be_visible()
    tab_to("add")
    keys.press("Enter")
    tab_to("cart")
    keys.press("Enter")
    expect(shop.page.get_by_role("heading", level=1, name="Корзина")).to_be_visible()
    tab_to("checkout")
    keys.press("Enter")
    for field, text in (("name", "Анна"), ("phone", "+7 912 345-67-89")):
        tab_to(field)
        keys.press("Control+a")
        keys.type(text)
    keys.press("Enter")
    assert shop.order_number() == Order.objects.get().number


def test_focus_moves_to_the_control_that_replaces_a_button(open_shop: OpenShop, tea: Make) -> None:
    product = tea(name="Иван-чай")
    shop = open_shop(in_telegram=False, variables=DEMO)
    keys, focus = shop.page.keyboard, shop.page.locator(":focus")
    for page in ("/", f"/?product={product.pk}"):
        shop.page.goto(f"{shop.page.url.split('?')[0].rstrip('/')}{page}")
        add = shop.page.get_by_role("button", name=re.compile(r"^(Добавить в|В) корзину"))
        add.focus()
        keys.press("Enter")
        expect(shop.button("remove", "Иван-чай")).to_be_visible()
        expect(focus).to_have_role("button")
        shop.button("remove", "Иван-чай").focus()
        keys.press("Enter")
        expect(add).to_be_focused()


def test_focus_moves_to_the_heading_after_an_item_is_removed(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай")
    tea(name="Гэммайтя")
    shop = open_shop(in_telegram=False, variables=DEMO)
    shop.add("Иван-чай")
    shop.add("Гэммайтя")
    shop.to_cart()
    for name in ("Иван-чай", "Гэммайтя"):
        shop.button("remove", name).focus()
        shop.page.keyboard.press("Enter")
        expect(shop.product(name)).to_have_count(0)
        expect(
            shop.page.get_by_role("heading", level=1, name="Корзина").and_(shop.page.locator(":focus"))
        ).to_be_visible()


def test_focus_moves_to_the_heading_after_changes_are_accepted(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай", stock=9)
    shop = open_shop(in_telegram=False, variables=DEMO)
    heading = shop.page.get_by_role("heading", level=1, name="Корзина").and_(shop.page.locator(":focus"))
    shop.add("Иван-чай", 3)
    Variant.objects.update(price="420.00")
    shop.to_cart()
    shop.page.get_by_role("button", name="Понятно").press("Enter")
    expect(heading).to_be_visible()
    shop.to_checkout()
    shop.fill(name="Анна", phone="+7 912 345-67-89")
    Variant.objects.update(stock=2)
    shop.place_order()
    shop.page.get_by_role("button", name="Взять 2").press("Enter")
    expect(heading).to_be_visible()


def test_focus_stays_on_a_button_that_reaches_its_limit(open_shop: OpenShop, demo_products: None, tea: Make) -> None:
    product = tea(name="Иван-чай", stock=9, images=["demo/ch-001-1.jpg", "demo/ch-001-2.jpg"])
    shop = open_shop(in_telegram=False, variables=DEMO)
    shop.product("Иван-чай").click()
    further = shop.page.get_by_role("button", name="Следующее фото")
    further.press("Enter")
    shop.wait_for_text("2 из 2")
    expect(further).to_be_focused()
    shop.back()
    shop.fill_checkout(pieces=3)
    Variant.objects.update(stock=2)
    shop.place_order()
    shop.button("less", product.name).click()
    shop.button("less", product.name).click()
    more = shop.button("more", product.name)
    more.press("Enter")
    expect(more).to_be_disabled()
    expect(more).to_be_focused()


def test_focus_moves_to_the_repeat_button_after_a_cancellation(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(in_telegram=False, variables=DEMO)
    shop.fill_checkout()
    shop.place_order()
    number = shop.order_number()
    shop.to_my_orders()
    shop.link("order", str(number)).first.click()
    shop.button("cancel_order").press("Enter")
    shop.page.get_by_role("dialog").get_by_role("button", name="Отменить заказ").press("Enter")
    expect(shop.button("repeat")).to_be_focused()


def test_each_page_has_its_own_title_and_the_focus(open_shop: OpenShop, tea: Make) -> None:
    product = tea(name="Иван-чай")
    shop = open_shop(in_telegram=False, variables=DEMO)
    titles = set()
    for page in walk(shop, product):
        titles.add(shop.page.title())
        assert shop.page.get_by_role("heading", level=1).count() == 1, page
        if page != "catalog":
            inside = "document.activeElement !== document.body"
            assert shop.page.evaluate(inside), page
    assert len(titles) >= 6
