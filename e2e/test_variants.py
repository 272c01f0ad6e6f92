"""Products with options: the customer chooses, and what is chosen is ordered."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from catalog.models import Product, Variant
from conftest import Make
from e2e.conftest import OpenShop
from orders.models import Order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shirt(tea: Make) -> Product:
    """Return a shirt in two sizes and two colours; the red M is sold out."""
    product: Product = tea(
        name="Футболка «Вологда»",
        price="1500.00",
        option_names=["Размер", "Цвет"],
        sku="S-W",
        variant={"option_values": ["S", "белый"]},
    )
    others = [("S", "красный", "1600.00", 3), ("M", "белый", "1700.00", None), ("M", "красный", "1700.00", 0)]
    for position, (size, colour, price, stock) in enumerate(others, 1):
        Variant.objects.create(
            product=product,
            option_values=[size, colour],
            sku=f"{size}-{position}",
            price=price,
            stock=stock,
            position=position,
        )
    return product


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=["390", "1280"])
def test_chosen_variant_is_ordered(
    open_shop: OpenShop, shirt: Product, screenshots: Path, size: tuple[int, int]
) -> None:
    shop = open_shop(size=size)
    expect(shop.page.get_by_text(re.compile(r"от\s1\s500\s₽"))).to_be_visible()
    shop.page.get_by_role("link", name="Выбрать вариант: Футболка «Вологда»").click()
    shop.telegram.wait_for_main_button("выберите: размер, цвет")
    shop.page.get_by_role("button", name="M", exact=True).click()
    shop.telegram.wait_for_main_button("выберите: цвет")
    red = shop.page.get_by_role("button", name="красный")
    expect(red).to_have_class(re.compile("unsold"))
    shop.page.screenshot(path=screenshots / f"variants-{size[0]}.png", animations="disabled")
    red.click()
    shop.wait_for_text("нет в наличии")
    shop.page.get_by_role("button", name="S", exact=True).click()
    shop.wait_for_text("осталось 3")
    shop.telegram.press_main_button("в корзину · 1 600 ₽")
    shop.telegram.press_main_button("перейти в корзину")
    shop.wait_for_text("S, красный")
    shop.to_checkout()
    shop.fill(name="Анна", phone="+7 912 345-67-89", address="Вологда, Мира 1")
    shop.place_order()
    shop.order_number()
    item = Order.objects.get().items.get()
    assert (item.options, str(item.price), item.product_id) == (["S", "красный"], "1600.00", shirt.pk)
    expect(shop.page.get_by_text("Футболка «Вологда», S, красный")).to_be_visible()
