"""Failures: each shows a message, and the customer can still order."""

import json
import re
from contextlib import nullcontext
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from playwright.sync_api import Route, expect

from accounts.models import validate_phone
from catalog.models import Product, Variant
from conftest import Make
from e2e.conftest import OpenShop
from orders.models import Order
from testing.stock import stock_of

ORDERS = "**/api/v1/orders"
AFTER_A_WHILE = """() => document.getAnimations()
    .filter((each) => Number.isFinite(each.effect.getComputedTiming().endTime)).forEach((each) => each.finish())"""


def test_order_is_placed_after_a_network_failure_in_the_checkout(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.fill_checkout(comment="Не звоните")
    shop.page.context.set_offline(True)
    shop.place_order()
    shop.wait_for_text("нет связи|не подтверждён")
    assert Order.objects.count() == 0
    shop.wait_for_fields(comment="Не звоните")
    shop.page.context.set_offline(False)
    shop.place_order()
    assert shop.order_number() == Order.objects.get().number
    assert Order.objects.get().comment == "Не звоните"


def test_search_is_retried_after_a_network_failure(open_shop: OpenShop, tea: Make) -> None:
    for number in range(1, 31):
        tea(name=f"Чай {number:02}")
    shop = open_shop()
    expect(shop.product("Чай 30")).to_be_visible()
    shop.page.context.set_offline(True)
    shop.field("search").fill("Чай 0")
    shop.wait_for_text("нет связи")
    shop.page.context.set_offline(False)
    shop.button("retry").first.click()
    expect(shop.product("Чай 09")).to_be_visible()
    expect(shop.product("Чай 30")).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "motion", "words"),
    [
        ("ru", "no-preference", "Магазин загрузился не полностью"),
        ("en", "reduce", "The shop did not open fully"),
    ],
)
def test_missing_script_shows_a_message(open_shop: OpenShop, tea: Make, language: str, motion: str, words: str) -> None:
    tea()
    shop = open_shop("/health", language=language, reduced_motion=motion)
    shop.page.route("**/storefront/stores/cart.*js", lambda route: route.abort())
    shop.enter()
    said = shop.page.get_by_role("alert").filter(has_text=words)
    expect(said).to_have_count(0)
    product = shop.page.locator(".card")
    place = product.bounding_box()
    shop.page.evaluate(AFTER_A_WHILE)
    expect(said).to_be_visible()
    assert product.bounding_box() == place


def test_complete_scripts_show_no_message(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    expect(shop.button("add", "Иван-чай")).to_be_visible()
    shop.page.evaluate(AFTER_A_WHILE)
    expect(shop.page.get_by_role("alert")).to_have_count(0)


def test_page_with_a_missing_script_can_be_retried(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop("/health")
    script = "**/storefront/pages/cart.*js"
    shop.page.route(script, lambda route: route.abort())
    shop.enter()
    shop.add("Иван-чай")
    shop.press("cart")
    shop.wait_for_text("нет связи")
    shop.page.unroute(script)
    shop.button("retry").click()
    expect(shop.button("remove", "Иван-чай")).to_be_visible()


def test_shortage_in_the_checkout_offers_the_remaining_stock(open_shop: OpenShop, tea: Make) -> None:
    product = tea(name="Иван-чай", price="390.00", stock=10)
    shop = open_shop()
    shop.fill_checkout(pieces=3)
    Variant.objects.update(stock=2)
    shop.place_order()
    shop.wait_for_text("не хватает")
    shop.wait_for_text("осталось 2")
    assert Order.objects.count() == 0
    shop.page.get_by_role("button", name="Взять 2").click()
    shop.return_to_checkout()
    shop.place_order()
    assert shop.order_number() == Order.objects.get().number
    assert str(Order.objects.get().total) == "780.00"
    assert stock_of(product) == 0


def test_shortage_is_forgotten_when_there_is_enough_again(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай", stock=10)
    shop = open_shop()
    shop.fill_checkout(pieces=3)
    Variant.objects.update(stock=2)
    shop.place_order()
    shop.wait_for_text("осталось 2")
    Variant.objects.update(stock=100)
    shop.cart_item("Иван-чай").click()
    shop.link("cart").click()
    shop.to_checkout()
    shop.place_order()
    shop.order_number()
    assert Order.objects.get().items.get().quantity == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [({"stock": 0}, "нет в наличии"), ({"is_active": False}, "больше не продаётся")],
    ids=["sold out", "off sale"],
)
def test_unavailable_product_in_the_checkout_is_removed_from_the_cart(
    open_shop: OpenShop, tea: Make, change: dict[str, Any], words: str
) -> None:
    tea(name="Иван-чай", stock=1)
    tea(name="Гэммайтя")
    shop = open_shop()
    shop.add("Гэммайтя")
    shop.fill_checkout("Иван-чай")
    if "stock" in change:
        Variant.objects.filter(product__name="Иван-чай").update(**change)
    else:
        Product.objects.filter(name="Иван-чай").update(**change)
    shop.place_order()
    shop.wait_for_text(words)
    shop.press("keep")
    shop.return_to_checkout()
    shop.place_order()
    shop.order_number()
    assert [item.name for item in Order.objects.get().items.all()] == ["Гэммайтя"]


def test_price_changed_in_the_checkout_must_be_confirmed(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай", price="390.00")
    shop = open_shop()
    shop.fill_checkout()
    Variant.objects.update(price="420.00")
    shop.place_order()
    shop.wait_for_text("было 390 ₽, стало 420 ₽")
    assert Order.objects.count() == 0
    shop.press("confirm")
    shop.order_number()
    assert str(Order.objects.get().total) == "420.00"


def test_new_total_is_never_shown_beside_the_old_price(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай", price="390.00")
    shop = open_shop()
    shop.fill_checkout()
    Variant.objects.update(price="420.00")
    with shop.page.expect_request(lambda request: "/cart/quote" in request.url):
        # The page loads the prices after the refusal; until then nothing changes.
        shop.page.route("**/cart/quote", lambda route: asked.append(route))
        asked: list[Route] = []
        shop.place_order()
    expect(shop.page.get_by_text(re.compile(r"1 × 390\s₽"))).to_be_visible()
    expect(shop.page.get_by_role("alert")).to_have_count(0)
    asked[0].continue_()
    shop.wait_for_text("было 390 ₽, стало 420 ₽")
    expect(shop.page.get_by_text(re.compile(r"1 × 420\s₽"))).to_be_visible()


def test_new_total_is_not_shown_if_the_prices_cannot_be_loaded(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай", price="390.00")
    shop = open_shop()
    shop.fill_checkout()
    Variant.objects.update(price="420.00")
    shop.page.route("**/cart/quote", lambda route: route.abort(), times=1)
    shop.place_order()
    shop.wait_for_text("не подтверждён")
    expect(shop.page.get_by_text(re.compile("420"))).to_have_count(0)
    shop.telegram.wait_for_main_button("заказать · 390 ₽")
    shop.place_order()
    shop.wait_for_text("было 390 ₽, стало 420 ₽")
    shop.press("confirm")
    shop.order_number()


def test_price_changed_twice_must_be_confirmed_twice(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай", price="390.00")
    shop = open_shop()
    shop.fill_checkout()
    Variant.objects.update(price="420.00")
    shop.place_order()
    shop.wait_for_text("стало 420 ₽")
    Variant.objects.update(price="450.00")
    shop.press("confirm")
    shop.wait_for_text("стало 450 ₽")
    assert Order.objects.count() == 0
    shop.press("confirm")
    shop.order_number()
    assert str(Order.objects.get().total) == "450.00"


def test_expired_init_data_asks_to_reopen_and_keeps_the_cart(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(age=3700)
    shop.fill_checkout()
    shop.place_order()
    shop.wait_for_text("сеанс истёк")
    shop.wait_for_text("откройте его снова")
    assert Order.objects.count() == 0
    # The same window, opened by Telegram again: the cart is kept.
    again = open_shop(within=shop)
    again.to_cart()
    expect(again.cart_item("Иван-чай")).to_be_visible()


def test_throttled_order_shows_the_time_to_wait(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(variables={"THROTTLE_ORDERS": "1/min"})
    shop.fill_checkout()
    shop.place_order()
    shop.order_number()
    shop.to_catalog()
    shop.fill_checkout()
    shop.place_order()
    shop.wait_for_text("слишком много запросов")
    shop.wait_for_text(r"через \d+ секунд")
    assert Order.objects.count() == 1


@pytest.mark.parametrize("body", ["", json.dumps({"status": 500, "code": "server_error", "detail": "A fault."})])
def test_server_error_can_be_retried(open_shop: OpenShop, tea: Make, body: str) -> None:
    tea()
    shop = open_shop()
    shop.fill_checkout()

    def fail(route: Route) -> None:
        route.fulfill(status=500, body=body, content_type="application/problem+json")

    shop.page.route(ORDERS, fail, times=1)
    shop.place_order()
    shop.wait_for_text("что-то сломалось")
    shop.place_order()
    assert shop.order_number() == Order.objects.get().number


def test_invalid_phone_is_reported_at_its_field(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.fill_checkout(phone="12")
    shop.place_order()
    shop.wait_for_text("укажите номер телефона")
    expect(shop.field("phone")).to_have_attribute("aria-invalid", "true")
    expect(shop.field("phone")).to_be_focused()
    assert Order.objects.count() == 0
    shop.fill(phone="+7 912 345-67-89")
    shop.place_order()
    shop.order_number()


def test_page_accepts_the_same_phones_as_the_api(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.fill_checkout(name="")  # without a name the order is not sent
    good = ["+7 912 345-67-89", "8(912)3456789", "(812) 34-56", "12345", "1" * 15]
    bad = ["1234", "1" * 16, "-7 912 345-67-89", "+7 912 345 (67)", "7+9123456789", "№ 123456", "12345 доб. 6"]
    for phone in good + bad:
        with nullcontext() if phone in good else pytest.raises(ValidationError):
            validate_phone(phone)
        shop.fill(phone=phone)
        shop.place_order()
        expect(shop.field("phone"), phone).to_have_attribute("aria-invalid", "false" if phone in good else "true")


def test_phone_with_special_spaces_is_accepted(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.fill_checkout(phone=" +7\N{NO-BREAK SPACE}912\t345-67-89 ")
    shop.place_order()
    shop.order_number()
    assert Order.objects.get().phone == "+7 912 345-67-89"


def test_phone_refused_by_the_api_is_reported_in_the_page_language(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(language="en")
    shop.fill_checkout()
    errors = {"phone": [{"code": "invalid", "message": "Укажите номер телефона."}]}
    body = json.dumps({"status": 400, "code": "invalid", "errors": errors})
    shop.page.route(ORDERS, lambda route: route.fulfill(status=400, body=body, content_type="application/problem+json"))
    shop.place_order()
    shop.wait_for_text("write a phone number")
    expect(shop.field("phone")).to_be_focused()
