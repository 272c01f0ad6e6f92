"""A walk through all pages of the shop, for tests of each of them."""

from collections.abc import Iterator

from playwright.sync_api import expect

from catalog.models import Product
from e2e.storefront import Storefront


def walk(shop: Storefront, product: Product) -> Iterator[str]:
    """Come to each page in turn, on the way of a customer who orders this product; gives the page's name.

    The caller may look at a page and load it again, but must not leave it.
    """
    expect(shop.product(product.name)).to_be_visible()
    yield "catalog"
    shop.product(product.name).click()
    expect(shop.heading(product.name)).to_be_visible()
    yield "product"
    shop.back()
    shop.add(product.name)
    shop.to_cart()
    yield "cart"
    shop.to_checkout()
    shop.fill(name="Анна Ким", phone="+7 912 345-67-89", address="Вологда, Мира 1", comment="Позвоните за час")
    yield "checkout"
    shop.place_order()
    number = shop.order_number()
    expect(shop.button("cancel_order")).to_be_visible()
    yield "placed"
    shop.to_my_orders()
    expect(shop.link("order", str(number)).first).to_be_visible()
    yield "orders"
    shop.link("order", str(number)).first.click()
    expect(shop.button("cancel_order")).to_be_visible()
    yield "order"
