"""A sold-out variant: the customer asks to be told when it is in stock again."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from catalog.models import Variant
from conftest import Make
from customers.models import StockSubscription
from e2e.conftest import OpenShop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_customer_waits_for_a_sold_out_option(open_shop: OpenShop, tea: Make, screenshots: Path, language: str) -> None:
    product = tea(name="Иван-чай", option_names=["Вес"], variant={"option_values": ["50 г"]})
    gone = Variant.objects.create(
        product=product, option_values=["100 г"], sku="T-100", price="690.00", stock=0, position=1
    )
    ask, cancel = {
        "ru": ("Сообщить о поступлении", "Не сообщать о поступлении"),
        "en": ("Tell me when it is back", "Do not tell me"),
    }[language]
    shop = open_shop(language=language)
    shop.product(product.name).first.click()
    option = shop.page.get_by_role("button", name="100 г")
    button = shop.page.get_by_role("button", name=ask)
    expect(option).to_be_visible()
    expect(button).to_have_count(0)
    option.click()
    button.click()
    expect(shop.page.get_by_role("button", name=cancel)).to_be_visible()
    assert StockSubscription.objects.get().variant_id == gone.pk
    shop.reload()
    option.click()
    expect(shop.page.get_by_role("button", name=cancel)).to_be_visible()
    shop.page.screenshot(path=screenshots / f"subscription-{language}-390.png", animations="disabled")
    shop.page.get_by_role("button", name=cancel).click()
    expect(button).to_be_visible()
    assert not StockSubscription.objects.exists()
    shop.page.get_by_role("button", name="50 г").click()
    expect(button).to_have_count(0)
