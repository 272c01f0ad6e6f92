"""Walk through all pages of the storefront, for tests of every page."""

from collections.abc import Iterator

from playwright.sync_api import expect

from catalog.models import Product
from e2e.storefront import Storefront


def walk(shop: Storefront, product: Product) -> Iterator[str]:
    """Open each page in turn, as a customer who orders a product; yields the name of the page.

    The caller may inspect and reload a page, but must not leave it.
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
