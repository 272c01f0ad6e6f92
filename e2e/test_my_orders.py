"""The customer's orders: timeline, repeating an order, cancelling a new order."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from catalog.models import Variant
from conftest import Make
from e2e.conftest import OpenShop
from e2e.storefront import DEMO, Storefront
from orders.lifecycle import change_status
from orders.models import Order
from testing.bot_api import wait_until


def ordered(shop: Storefront) -> Order:
    """Place an order and open its page."""
    shop.fill_checkout()
    shop.place_order()
    number = shop.order_number()
    shop.to_my_orders()
    shop.link("order", str(number)).first.click()
    expect(shop.heading(re.compile(f"{shop.words('order')}\\s?{number}"))).to_be_visible()
    return Order.objects.get(number=number)


def test_order_page_shows_items_and_timeline(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай", price="390.00")
    shop = open_shop()
    order = ordered(shop)
    shop.wait_for_text("иван-чай")
    shop.wait_for_text(r"390\s₽")
    shop.wait_for_text("вологда, мира 1")
    for status in ("confirmed", "shipped"):
        change_status(order_id=order.pk, to=status, actor=None)
    shop.reload()
    history = shop.page.get_by_role("list").filter(has_text="Подтверждён")
    expect(history).to_contain_text("Отправлен")
    expect(history.locator("[aria-current]")).to_contain_text("Отправлен")
    expect(shop.button("cancel_order")).to_have_count(0)


def test_new_order_can_be_cancelled(open_shop: OpenShop, tea: Make) -> None:
    tea(stock=5)
    shop = open_shop()
    order = ordered(shop)
    shop.button("cancel_order").click()
    assert f"№{order.number}" in shop.telegram.popup()["message"]
    shop.telegram.close_popup(None)
    order.refresh_from_db()
    assert order.status == "new"
    shop.button("cancel_order").click()
    shop.telegram.confirm()
    shop.wait_for_text("отменён")
    expect(shop.button("cancel_order")).to_have_count(0)
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_order_cancelled_at_once_shows_no_thanks(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.fill_checkout()
    shop.place_order()
    number = shop.order_number()
    shop.button("cancel_order").click()
    shop.telegram.confirm()
    expect(shop.heading(f"Заказ №{number}")).to_have_text(f"Заказ №{number}")
    expect(shop.page.get_by_text("Спасибо")).to_have_count(0)
    shop.reload()
    expect(shop.button("cancel_order")).to_have_count(0)
    expect(shop.page.get_by_text("Спасибо")).to_have_count(0)


def test_order_confirmed_meanwhile_cannot_be_cancelled(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    order = ordered(shop)
    change_status(order_id=order.pk, to="confirmed", actor=None)
    shop.button("cancel_order").click()
    shop.telegram.confirm()
    shop.wait_for_text("нельзя отменить")
    shop.wait_for_text("подтверждён")
    expect(shop.button("cancel_order")).to_have_count(0)


def test_cancellation_in_a_browser_is_confirmed_in_the_page(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(in_telegram=False, variables=DEMO)
    order = ordered(shop)
    shop.button("cancel_order").click()
    shop.page.get_by_role("button", name="Не отменять").click()
    order.refresh_from_db()
    assert order.status == "new"
    shop.button("cancel_order").click()
    dialog = shop.page.get_by_role("dialog").or_(shop.page.get_by_role("alertdialog"))
    dialog.get_by_role("button", name="Отменить заказ").click()
    shop.wait_for_text("отменён")
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_order_can_be_repeated(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай", price="390.00")
    shop = open_shop()
    ordered(shop)
    shop.button("repeat").click()
    shop.wait_for_text("товары из заказа — в корзине")
    shop.return_to_checkout()
    shop.place_order()
    shop.order_number()
    first, second = Order.objects.order_by("pk")
    assert (first.total, first.address) == (second.total, second.address)


def test_list_without_orders_shows_a_message(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.to_my_orders()
    shop.wait_for_text("заказов пока нет")


def test_many_orders_are_loaded_in_pages(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    order = ordered(shop)
    Order.objects.bulk_create(
        Order(
            user_id=order.user_id,
            subtotal=order.subtotal,
            total=order.total,
            currency="RUB",
            request_hash="0" * 64,
        )
        for _ in range(24)
    )
    shop.back()
    expect(shop.link("order").first).to_be_visible()
    assert shop.link("order").count() == 20
    shop.page.get_by_role("button", name="Показать ещё").click()
    expect(shop.link("order")).to_have_count(25)


def in_cart(shop: Storefront) -> list[tuple[str, int]]:
    """Return names and quantities of the cart that is kept on the device."""
    stored = shop.page.evaluate("Object.entries(localStorage).find(([name]) => name.endsWith(':cart'))[1]")
    return [(item["name"], item["quantity"]) for item in json.loads(stored)]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_order_is_repeated_from_the_list(open_shop: OpenShop, tea: Make, screenshots: Path, language: str) -> None:
    tea(name="Иван-чай", price="390.00")
    jam = tea(name="Варенье из морошки", price="450.00")
    cup = tea(name="Кружка", price="900.00")
    shop = open_shop(language=language)
    for name in (jam.name, cup.name):
        shop.add(name, 2)
    shop.fill_checkout()
    shop.place_order()
    number = shop.order_number()
    Variant.objects.filter(product=jam).update(stock=1)
    Variant.objects.filter(product=cup).update(is_active=False)
    shop.to_my_orders()
    button = shop.button("repeat", str(number))
    expect(button).to_be_visible()
    shop.page.screenshot(path=screenshots / f"my-orders-{language}-390.png", animations="disabled")
    button.click()
    shop.wait_for_text("варенье из морошки × 1; кружка × 2")
    shop.page.screenshot(path=screenshots / f"repeated-{language}-390.png", animations="disabled")
    assert in_cart(shop) == [("Иван-чай", 1), (jam.name, 1)]
    shop.back()
    button.click()
    wait_until(lambda: [quantity for _name, quantity in in_cart(shop)] == [2, 2])
