"""«My orders»: how each is getting on, ordering it again, and cancelling it while it is new."""

import re

from playwright.sync_api import expect

from conftest import Make
from e2e.conftest import OpenShop
from e2e.storefront import DEMO, Storefront
from orders.lifecycle import change_status
from orders.models import Order


def ordered(shop: Storefront) -> Order:
    """Place an order and go to its page."""
    shop.ready_to_order()
    shop.place_order()
    number = shop.order_number()
    shop.to_my_orders()
    shop.link("order", str(number)).first.click()
    expect(shop.heading(re.compile(f"{shop.words('order')}\\s?{number}"))).to_be_visible()
    return Order.objects.get(pk=number)


def test_order_shows_how_it_is_getting_on(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай", price="390.00")
    shop = open_shop()
    order = ordered(shop)
    shop.says("иван-чай")
    shop.says(r"390\s₽")
    shop.says("вологда, мира 1")
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
    assert f"№{order.pk}" in shop.telegram.popup()["message"]
    shop.telegram.close_popup(None)
    order.refresh_from_db()
    assert order.status == "new"
    shop.button("cancel_order").click()
    shop.telegram.confirm()
    shop.says("отменён")
    expect(shop.button("cancel_order")).to_have_count(0)
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_order_that_was_cancelled_at_once_is_not_thanked_for(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.ready_to_order()
    shop.place_order()
    number = shop.order_number()
    shop.button("cancel_order").click()
    shop.telegram.confirm()
    expect(shop.heading(f"Заказ №{number}")).to_have_text(f"Заказ №{number}")
    expect(shop.page.get_by_text("Спасибо")).to_have_count(0)
    shop.reload()
    expect(shop.button("cancel_order")).to_have_count(0)
    expect(shop.page.get_by_text("Спасибо")).to_have_count(0)


def test_order_that_a_manager_was_quicker_with_says_so(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    order = ordered(shop)
    change_status(order_id=order.pk, to="confirmed", actor=None)
    shop.button("cancel_order").click()
    shop.telegram.confirm()
    shop.says("нельзя отменить")
    shop.says("подтверждён")
    expect(shop.button("cancel_order")).to_have_count(0)


def test_cancelling_asks_in_the_page_where_there_is_no_telegram(open_shop: OpenShop, tea: Make) -> None:
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
    shop.says("отменён")
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_order_can_be_placed_again(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай", price="390.00")
    shop = open_shop()
    ordered(shop)
    shop.button("repeat").click()
    shop.says("товары из заказа — в корзине")
    shop.come_to_checkout()
    shop.place_order()
    shop.order_number()
    first, second = Order.objects.order_by("pk")
    assert (first.total, first.address) == (second.total, second.address)


def test_no_orders_yet(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.to_my_orders()
    shop.says("заказов пока нет")


def test_many_orders_come_page_by_page(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    order = ordered(shop)
    Order.objects.bulk_create(
        Order(user_id=order.user_id, total=order.total, currency="RUB", request_hash="0" * 64) for _ in range(24)
    )
    shop.back()
    expect(shop.link("order").first).to_be_visible()
    assert shop.link("order").count() == 20
    shop.page.get_by_role("button", name="Показать ещё").click()
    expect(shop.link("order")).to_have_count(25)
