"""The cart: kept on the device, and it shows what has changed since."""

import re

from playwright.sync_api import Route, expect

from catalog.models import Product, Variant
from conftest import Make
from e2e.conftest import OpenShop


def test_cart_is_kept_when_the_window_is_closed(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай", price="390.00")
    first = open_shop()
    first.add("Иван-чай", 2)
    first.telegram.wait_for_main_button("780")
    second = open_shop(within=first)
    first.page.close()
    second.to_cart()
    second.wait_for_text("780 ₽")


def test_each_account_has_its_own_cart(open_shop: OpenShop, tea: Make) -> None:
    tea()
    alice = open_shop()
    alice.add("Иван-чай")
    alice.telegram.wait_for_main_button("корзина")
    bob = open_shop(within=alice, user_id=400_000_001)
    expect(bob.button("add", "Иван-чай")).to_be_visible()
    bob.telegram.wait_for_no_main_button()


def test_quantities_change_the_total(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай", price="390.00")
    tea(name="Гэммайтя", price="590.50")
    shop = open_shop()
    shop.add("Иван-чай")
    shop.add("Гэммайтя")
    shop.to_cart()
    shop.wait_for_text(r"980,50\s₽")
    shop.button("more", "Гэммайтя").click()
    shop.wait_for_text(r"1\s571\s₽")
    shop.button("less", "Гэммайтя").click()
    shop.wait_for_text(r"980,50\s₽")
    shop.button("remove", "Иван-чай").click()
    shop.wait_for_text(r"590,50\s₽")
    expect(shop.cart_item("Иван-чай")).to_have_count(0)
    shop.page.get_by_role("button", name="Вернуть").click()
    shop.wait_for_text(r"980,50\s₽")


def test_empty_cart_links_to_the_catalog(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.add("Иван-чай")
    shop.to_cart()
    shop.button("remove", "Иван-чай").click()
    shop.wait_for_text("в корзине пусто")
    shop.link("catalog").click()
    expect(shop.field("search")).to_be_visible()


def test_cart_shows_a_changed_price(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай", price="390.00")
    shop = open_shop()
    shop.add("Иван-чай")
    shop.telegram.wait_for_main_button("390")
    Variant.objects.update(price="420.00")
    again = open_shop(within=shop)
    again.to_cart()
    again.wait_for_text("кое-что изменилось")
    again.wait_for_text(r"было 390\s₽, стало 420\s₽")
    again.telegram.wait_for_main_button("оформить")
    expect(again.page.locator(".total")).to_have_text(re.compile(r"Итого, 1\sтовар\s420\s₽"))


def test_price_changed_before_the_checkout_is_shown(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай", price="390.00")
    shop = open_shop()
    shop.add("Иван-чай")
    prices: list[Route] = []
    shop.page.route("**/cart/quote", lambda route: prices.append(route), times=1)
    shop.to_cart()
    shop.to_checkout()
    Variant.objects.update(price="420.00")
    prices[0].continue_()
    shop.wait_for_text("было 390 ₽, стало 420 ₽")
    shop.to_checkout()
    shop.telegram.wait_for_main_button("заказать · 420 ₽")


def test_cart_shows_sold_out_and_removed_products(open_shop: OpenShop, tea: Make) -> None:
    for name in ("Иван-чай", "Гэммайтя", "Сенча"):
        tea(name=name)
    shop = open_shop()
    for name in ("Иван-чай", "Гэммайтя", "Сенча"):
        shop.add(name)
    shop.telegram.wait_for_main_button("3 товара")
    Product.objects.filter(name="Гэммайтя").update(is_active=False)
    Variant.objects.filter(product__name="Сенча").update(stock=0)
    again = open_shop(within=shop)
    again.to_cart()
    again.wait_for_text("больше не продаётся")
    again.wait_for_text("нет в наличии")
    again.press("keep")
    expect(again.page.get_by_role("listitem").filter(has_text=re.compile("Гэммайтя|Сенча"))).to_have_count(0)
    again.to_checkout()


def test_invalid_local_storage_is_ignored(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.add("Иван-чай")
    shop.telegram.wait_for_main_button("корзина")
    shop.page.evaluate("for (const key of Object.keys(localStorage)) localStorage[key] = '{\"items\": 7, [['")
    shop.reload()
    shop.add("Иван-чай")
    shop.to_cart()
    shop.to_checkout()
