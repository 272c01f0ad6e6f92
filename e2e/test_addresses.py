"""The checkout offers the addresses of earlier orders."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from conftest import Make
from customers.addresses import saved_addresses
from e2e.conftest import OpenShop
from orders.models import Order


@pytest.mark.parametrize("language", ["ru", "en"])
def test_address_of_an_order_is_offered_on_another_device(
    open_shop: OpenShop, tea: Make, screenshots: Path, language: str
) -> None:
    tea()
    shop = open_shop(language=language)
    shop.fill_checkout(address="Вологда, Мира 1")
    shop.place_order()
    shop.order_number()
    customer = Order.objects.get().user
    Order.objects.create(
        user=customer,
        address="Санкт-Петербург, набережная реки Фонтанки, дом 111, корпус 2, квартира 345, домофон 345К",
        subtotal=0,
        total=0,
    )
    other = open_shop(language=language)
    other.add("Иван-чай")
    other.to_cart()
    other.to_checkout()
    other.wait_for_fields(address="")
    offered = other.page.get_by_role("button", name="Вологда, Мира 1", exact=True)
    expect(offered).to_be_visible()
    offered.scroll_into_view_if_needed()
    other.page.screenshot(path=screenshots / f"addresses-{language}-390.png", animations="disabled", full_page=True)
    offered.click()
    other.wait_for_fields(address="Вологда, Мира 1")
    expect(offered).to_have_count(0)
    other.page.get_by_role("button", name="Фонтанки").last.click()
    expect(other.page.get_by_text("Фонтанки")).to_have_count(0)
    other.fill(address="")
    expect(offered).to_be_visible()
    assert [saved.address for saved in saved_addresses(customer)] == ["Вологда, Мира 1"]
