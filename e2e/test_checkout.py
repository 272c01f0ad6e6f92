"""Checkout with delivery methods, promo codes and payment methods, in the Mini App."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from accounts.models import User
from conftest import Make
from delivery.models import DeliveryMethod, PickupPoint
from e2e.conftest import OpenShop
from e2e.storefront import Storefront
from orders.delivery_price import set_delivery_price
from orders.models import Order
from payments.models import PaymentMethod
from promotions.models import Promotion


@pytest.fixture
def offers(tea: Make) -> None:
    """Offer a courier, two pick-up points, a price to be confirmed, two payment methods and a promo code."""
    tea(name="Иван-чай", price="390.00", stock=50)
    DeliveryMethod.objects.create(
        kind="courier",
        name="Курьером по Вологде",
        description="Завтра или в другой день, с 10 до 18",
        price=300,
        free_from=1000,
        first_day=1,
        slots=["10:00–14:00", "14:00–18:00"],
    )
    pickup = DeliveryMethod.objects.create(kind="pickup", name="Самовывоз", price=0, position=1)
    PickupPoint.objects.create(
        method=pickup, name="Лавка на Мира", town="Вологда", address="Мира 1", hours="10:00–20:00"
    )
    PickupPoint.objects.create(method=pickup, name="Киоск", town="Череповец", address="Ленина 5")
    DeliveryMethod.objects.create(kind="post", name="Почтой", price=None, position=2)
    PaymentMethod.objects.create(kind="cash", name="Наличными при получении")
    PaymentMethod.objects.create(kind="transfer", name="Переводом на карту", text="Карта 0000, Анна К.", position=1)
    Promotion.objects.create(name="Весенняя скидка", code="ВЕСНА", kind="percent", value=10)


def at_checkout(open_shop: OpenShop, pieces: int = 1) -> Storefront:
    shop = open_shop()
    shop.add("Иван-чай", pieces)
    shop.to_cart()
    shop.to_checkout()
    shop.fill(phone="+7 912 345-67-89")
    return shop


def total(shop: Storefront, amount: str) -> None:
    """Wait until the main button has this total."""
    shop.telegram.wait_for_main_button(f"заказать · {amount}")


def test_courier_with_a_promo_code(open_shop: OpenShop, offers: None) -> None:
    shop = at_checkout(open_shop)
    page = shop.page
    total(shop, "390 ₽")
    page.get_by_role("radio", name="Курьером").check()
    total(shop, "690 ₽")
    page.get_by_role("button", name="Есть промокод?").click()
    page.get_by_label("Промокод").fill("vesna")
    page.get_by_role("button", name="Применить").click()
    expect(page.get_by_text("Такого промокода нет.")).to_be_visible()
    page.get_by_label("Промокод").fill("весна")
    page.get_by_label("Промокод").press("Enter")
    expect(page.get_by_text("Промокод ВЕСНА: Весенняя скидка")).to_be_visible()
    total(shop, "651 ₽")
    shop.place_order()
    for mistake in ("Выберите день.", "Выберите время.", "Укажите адрес.", "Выберите способ оплаты."):
        expect(page.get_by_text(mistake)).to_be_visible()
    assert not Order.objects.exists()
    shop.fill(address="Мира 1")
    day = page.get_by_label("День доставки")
    day.fill(str(day.get_attribute("min")))
    page.get_by_label("Время").select_option("10:00–14:00")
    page.get_by_role("radio", name="Переводом").check()
    total(shop, "651 ₽")
    shop.place_order()
    shop.order_number()
    order = Order.objects.get()
    assert (order.total, order.discount, order.delivery_price, order.promo_code, order.slot, order.payment_name) == (
        Decimal(651),
        Decimal(39),
        Decimal(300),
        "ВЕСНА",
        "10:00–14:00",
        "Переводом на карту",
    )
    expect(page.get_by_text("Карта 0000, Анна К.")).to_be_visible()


def test_pickup_point_is_chosen_by_town_and_needs_no_address(open_shop: OpenShop, offers: None) -> None:
    shop = at_checkout(open_shop)
    shop.page.get_by_role("radio", name="Самовывоз").check()
    expect(shop.field("address")).to_have_count(0)
    shop.page.get_by_label("Пункт выдачи").select_option(label="Киоск, Ленина 5")
    shop.page.get_by_role("radio", name="Наличными").check()
    total(shop, "390 ₽")
    shop.place_order()
    shop.order_number()
    assert Order.objects.get().pickup_point == "Киоск, Череповец, Ленина 5"
    # The next checkout remembers the point.
    shop.to_catalog()
    shop.add("Иван-чай")
    shop.to_cart()
    shop.to_checkout()
    expect(shop.page.get_by_role("radio", name="Самовывоз")).to_be_checked()
    expect(shop.page.get_by_label("Пункт выдачи").locator("option:checked")).to_have_text("Киоск, Ленина 5")


def test_price_to_be_confirmed_is_agreed_to(open_shop: OpenShop, offers: None) -> None:
    shop = at_checkout(open_shop)
    page = shop.page
    page.get_by_role("radio", name="Почтой").check()
    for label, value in {"Индекс": "644000", "Город": "Омск"}.items():
        page.get_by_label(label).fill(value)
    shop.fill(address="Ленина 5")
    page.get_by_role("radio", name="Наличными").check()
    total(shop, "390 ₽")
    shop.place_order()
    shop.order_number()
    expect(page.get_by_text("Магазин рассчитывает стоимость доставки")).to_be_visible()
    order = Order.objects.get()
    staff = User.objects.create_user("staff", is_staff=True)
    set_delivery_price(order_id=order.pk, price=Decimal(450), actor=staff)
    shop.reload()
    button = page.get_by_role("button", name=re.compile("Согласиться · 840"))
    expect(button).to_be_visible()
    set_delivery_price(order_id=order.pk, price=Decimal(500), actor=staff)
    button.click()  # the shop has changed it meanwhile
    expect(page.get_by_text("Магазин изменил стоимость доставки")).to_be_visible()
    page.get_by_role("button", name=re.compile("Согласиться · 890")).click()
    expect(page.get_by_text("Вы согласились со стоимостью доставки")).to_be_visible()
    order.refresh_from_db()
    assert (order.delivery_agreed, order.total) == (True, Decimal(890))


def test_method_that_is_switched_off_meanwhile_is_asked_for_again(open_shop: OpenShop, offers: None) -> None:
    shop = at_checkout(open_shop)
    shop.page.get_by_role("radio", name="Самовывоз").check()
    shop.page.get_by_label("Пункт выдачи").select_option(label="Киоск, Ленина 5")
    shop.page.get_by_role("radio", name="Наличными").check()
    DeliveryMethod.objects.filter(kind="pickup").update(is_active=False)
    shop.place_order()
    shop.wait_for_text("больше недоступен")
    expect(shop.page.get_by_role("radio", name="Самовывоз")).to_have_count(0)
    assert not Order.objects.exists()
