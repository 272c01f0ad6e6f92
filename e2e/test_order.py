"""Placing an order, up to the managers' message; lost responses and double taps place one order."""

import subprocess

import pytest
from playwright.sync_api import Request, Route

from conftest import Make
from e2e.conftest import OpenShop
from e2e.storefront import DEMO, Storefront
from orders.models import Order
from testing.bot_api import BotAPIServer, wait_until

CHAT = "-100200300"
ORDERS = "**/api/v1/orders"


def keys_of_orders(shop: Storefront) -> list[str | None]:
    """Return a list that collects the Idempotency-Key of each order that the page sends."""
    keys: list[str | None] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/api/v1/orders"):
            keys.append(request.headers.get("idempotency-key"))

    shop.page.on("request", note)
    return keys


def place_order_and_lose_the_response(shop: Storefront) -> None:
    """Place an order, and drop its response."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    shop.fill_checkout()
    shop.page.route(ORDERS, lose, times=1)
    shop.place_order()
    shop.wait_for_text("не подтверждён")
    assert Order.objects.count() == 1


def retry_with_the_same_key(shop: Storefront, keys: list[str | None]) -> None:
    """Place the order again: the shop finds it by its key."""
    shop.place_order()
    assert shop.order_number() == Order.objects.get().number
    assert len(keys) >= 2
    assert len(set(keys)) == 1


def test_order_reaches_the_managers(
    open_shop: OpenShop, tea: Make, bot_api: BotAPIServer, worker: subprocess.Popen[bytes]
) -> None:
    tea(name="Иван-чай", price="390.00", sku="TEA-007")
    tea(name="Гэммайтя", price="590.50", sku="TEA-008")
    shop = open_shop(contact="+79123456789")
    shop.add("Иван-чай", 2)
    shop.add("Гэммайтя")
    shop.to_cart()
    shop.to_checkout()
    shop.button("phone_from_telegram").click()
    shop.wait_for_fields(phone="+79123456789")
    shop.fill(address="Вологда, Мира 1", comment="Позвоните за час")
    shop.place_order()
    number = shop.order_number()
    order = Order.objects.get()
    assert number == order.number
    assert (order.contact_name, order.phone.replace(" ", "").replace("-", "")) == ("Анна Ким", "+79123456789")
    assert (order.address, order.comment, str(order.total)) == ("Вологда, Мира 1", "Позвоните за час", "1370.50")
    bot_api.wait_for_calls(1)
    (message,) = bot_api.texts(CHAT)
    for words in (
        f"Новый заказ №{number}",
        "Анна Ким",
        "Вологда, Мира 1",
        "Позвоните за час",
        "Иван-чай (TEA-007) × 2",
    ):
        assert words in message
    assert "Гэммайтя (TEA-008) × 1" in message


def test_demo_takes_orders_in_a_browser(
    open_shop: OpenShop, tea: Make, bot_api: BotAPIServer, worker: subprocess.Popen[bytes]
) -> None:
    tea(name="Иван-чай", price="390.00")
    shop = open_shop(in_telegram=False, variables=DEMO)
    shop.add("Иван-чай")
    shop.to_cart()
    shop.to_checkout()
    shop.fill(name="Борис", phone="+7 900 000-00-00", address="Вологда, Мира 1")
    shop.place_order()
    number = shop.order_number()
    bot_api.wait_for_calls(1)
    assert f"Новый заказ №{number}" in bot_api.texts(CHAT)[0]
    assert "Борис" in bot_api.texts(CHAT)[0]


def test_double_tap_on_the_main_button_places_one_order(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    keys = keys_of_orders(shop)
    shop.fill_checkout()
    shop.place_order(taps=3)
    assert shop.order_number() == Order.objects.get().number
    assert len(keys) == 1
    assert keys[0]


def test_double_tap_on_the_page_button_places_one_order(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(in_telegram=False, variables=DEMO)
    keys = keys_of_orders(shop)
    shop.fill_checkout()
    shop.place_order(taps=3)
    assert shop.order_number() == Order.objects.get().number
    assert len(keys) == 1


def test_lost_response_is_retried_with_the_same_key(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    keys = keys_of_orders(shop)
    place_order_and_lose_the_response(shop)
    retry_with_the_same_key(shop, keys)


def test_response_timeout_is_retried_with_the_same_key(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop("/health")
    shop.page.clock.install()
    shop.enter()
    keys = keys_of_orders(shop)
    shop.fill_checkout()
    waiting: list[Route] = []
    shop.page.route(ORDERS, lambda route: waiting.append(route), times=1)
    shop.place_order()
    wait_until(lambda: shop.page.evaluate("1") and waiting)
    waiting[0].fetch()  # the shop places the order, but the page gets no response
    shop.page.clock.fast_forward(13_000)
    shop.wait_for_text("не подтверждён")
    assert Order.objects.count() == 1
    retry_with_the_same_key(shop, keys)


def test_reload_after_a_lost_response_keeps_the_key(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    keys = keys_of_orders(shop)
    place_order_and_lose_the_response(shop)
    shop.reload()
    retry_with_the_same_key(shop, keys)


def test_order_changed_after_a_lost_response_is_not_placed_twice(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    place_order_and_lose_the_response(shop)
    shop.fill(comment="Позвоните за час")
    shop.place_order()
    shop.wait_for_text("прошлый заказ уже принят")
    assert Order.objects.count() == 1
    # The customer can still place a second order.
    shop.place_order()
    shop.order_number()
    assert Order.objects.count() == 2


@pytest.mark.parametrize("status", ["shipped", "completed", "cancelled"])
def test_finished_order_is_not_taken_for_the_new_one(open_shop: OpenShop, tea: Make, status: str) -> None:
    tea()
    shop = open_shop()
    place_order_and_lose_the_response(shop)
    Order.objects.update(status=status)
    shop.place_order()
    shop.wait_for_text("прошлый заказ уже принят")
    first = Order.objects.get()
    shop.place_order()
    assert shop.order_number() == Order.objects.exclude(pk=first.pk).get().number


def test_order_after_a_long_history_is_shown(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    # More history entries than a browser keeps, and one after the checkout.
    shop.page.evaluate("for (let depth = 1; depth <= 60; depth += 1) history.pushState({ depth }, '', location.href)")
    shop.fill_checkout()
    shop.page.evaluate(
        """() => new Promise((done) => {
            addEventListener("popstate", () => done(), { once: true });
            history.pushState({ depth: 63 }, "", location.href);
            history.back();
        })"""
    )
    shop.place_order()
    assert shop.order_number() == Order.objects.get().number


def test_next_order_has_a_new_key(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    keys = keys_of_orders(shop)
    for number in (1, 2):
        shop.fill_checkout()
        shop.place_order()
        shop.order_number()
        assert Order.objects.count() == number
        shop.to_catalog()
    assert len(set(keys)) == 2


def test_checkout_remembers_contact_data(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.fill_checkout(name="Борис", phone="+7 900 000-00-00", address="Вологда, Мира 1")
    shop.place_order()
    shop.order_number()
    shop.to_catalog()
    shop.add("Иван-чай")
    shop.to_cart()
    shop.to_checkout()
    shop.wait_for_fields(name="Борис", phone="+7 900 000-00-00", address="Вологда, Мира 1")
