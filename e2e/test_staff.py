"""Back office pages that stay open while customers order."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, expect

from catalog.models import Product, Variant
from conftest import Headers, Make, SignIn
from e2e.back_office import BackOffice, save
from e2e.conftest import Serve
from e2e.test_every_page import OVERHANG
from testing.stock import stock_of
from testing.web import web

PRODUCTS = "/admin/catalog/product/"
VARIANTS = "/admin/catalog/variant/"
# Whether an ancestor clips the element.
IS_CUT_OFF = """(element) => {
    const inner = element.getBoundingClientRect(), outer = element.closest("td").getBoundingClientRect();
    return inner.top < outer.top || inner.bottom > outer.bottom || inner.right > outer.right;
}"""


@pytest.fixture(params=["ru", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def office(
    browser: Browser, serve: Serve, environment: dict[str, str], run_folder: Path, language: str
) -> Iterator[BackOffice]:
    """Return the back office in a language; fail on script errors in its windows."""
    serve()  # collects the static files
    # A separate server: Django caches the ids of content types, which change with each test, and the admin's log of a
    # save refers to them.
    with web(environment | {"LANGUAGE_CODE": language}, run_folder / "web.log") as url:
        opened = BackOffice(browser, url)
        yield opened
        opened.close()
    assert opened.errors == []


def buy(office: BackOffice, customer: Headers, product: Product, quantity: int) -> None:
    """Place an order with a request like the storefront's."""
    headers = {"Authorization": customer["HTTP_AUTHORIZATION"], "Idempotency-Key": "one"}
    body = {"items": [{"product_id": product.pk, "quantity": quantity}]}
    answer = requests.post(f"{office.url}/api/v1/orders", json=body, headers=headers, timeout=20)
    assert answer.status_code == 201, answer.text


def test_saved_description_does_not_overwrite_the_stock(office: BackOffice, tea: Make, sign_in: SignIn) -> None:
    product = tea(stock=6, description="Строка\nи ещё одна", images=["a.jpg", "b.jpg"])
    page = office.open(f"{PRODUCTS}{product.pk}/change/")
    buy(office, sign_in(600_000_001), product, 2)
    page.locator("[name=description]").fill("Первая строка\nВторая строка")
    save(page)
    after = Product.objects.get()
    assert (stock_of(after), after.images) == (4, ["a.jpg", "b.jpg"])
    assert after.description.splitlines() == ["Первая строка", "Вторая строка"]
    # The browser has submitted CR LF line ends; the next save must not take that for a change by another user.
    page.goto(f"{office.url}{PRODUCTS}{product.pk}/change/")
    page.locator("[name=description]").fill("Первая строка")
    save(page)
    assert Product.objects.get().description == "Первая строка"


def test_saved_price_of_another_row_does_not_overwrite_the_stock(
    office: BackOffice, tea: Make, sign_in: SignIn
) -> None:
    product, other = tea(stock=6), tea(name="Мёд", price="500.00", stock=3)
    page = office.open(VARIANTS)
    buy(office, sign_in(600_000_002), product, 2)
    page.locator("[name=form-0-price]").fill("550.00")
    save(page)
    assert dict(Variant.objects.values_list("product", "stock")) == {product.pk: 4, other.pk: 3}
    assert {str(price) for price in Variant.objects.values_list("price", flat=True)} == {"390.00", "550.00"}


def test_refused_page_fits_a_phone(office: BackOffice, language: str, tea: Make, screenshots: Path) -> None:
    product = tea(price="390.00", stock=6, description="Собран под Вологдой.")
    page = office.open(f"{PRODUCTS}{product.pk}/change/", size=(390, 844))
    Variant.objects.update(price="420.00", stock=4)
    Product.objects.update(description="Собран под Вологдой, высушен на солнце.")
    page.locator("[name=variants-0-price]").fill("450.00")
    page.locator("[name=variants-0-stock]").fill("1")
    page.locator("[name=description]").fill("Собран на рассвете.")
    save(page)
    for said in ("420.00", "390.00", "450.00", "высушен на солнце"):
        expect(page.locator("form ul li, form td .text-red-600", has_text=said).first).to_be_visible()
    assert page.evaluate(OVERHANG) <= 0
    page.screenshot(path=screenshots / f"staff-refused-page-{language}.png", full_page=True, animations="disabled")
    save(page)
    after = Product.objects.get()
    assert (str(after.price), stock_of(after), after.description) == ("450.00", 1, "Собран на рассвете.")


def test_refused_list_fits_a_phone(office: BackOffice, language: str, tea: Make, screenshots: Path) -> None:
    tea(name="Мёд", price="500.00")
    product = tea(name="Иван-чай крупнолистовой", price="390.00")
    page = office.open(VARIANTS, size=(390, 844))
    Variant.objects.filter(product=product).update(price="420.00")
    page.locator("[name=form-0-price]").fill("450.00")
    page.locator("[name=form-1-price]").fill("550.00")
    save(page)
    expect(page.locator(".errorlist", has_text="Иван-чай крупнолистовой")).to_be_visible()
    sentence = page.locator("td.errors li")
    expect(sentence).to_contain_text("420.00")
    assert sentence.evaluate(IS_CUT_OFF) is False
    assert page.evaluate(OVERHANG) <= 0
    page.screenshot(path=screenshots / f"staff-refused-list-{language}.png", full_page=True, animations="disabled")
    save(page)
    assert {str(price) for price in Variant.objects.values_list("price", flat=True)} == {"450.00", "550.00"}


def test_options_are_made_variants(office: BackOffice, language: str, tea: Make, screenshots: Path) -> None:
    product = tea(name="Футболка", sku="T-1", price="1500.00", stock=7)
    page = office.open(f"{PRODUCTS}{product.pk}/change/", size=(390, 844))
    page.goto(f"{office.url}{PRODUCTS}{product.pk}/options/")
    page.locator("[name=name1]").fill("Размер")
    page.locator("[name=values1]").fill("S; M")
    page.locator("[name=name2]").fill("Цвет")
    page.locator("[name=values2]").fill("белый; красный")
    page.locator("[name=_show]").click()
    expect(page.locator("[name=ticked]")).to_have_count(4)
    page.get_by_label("M; красный").uncheck()
    assert page.evaluate(OVERHANG) <= 0
    page.screenshot(path=screenshots / f"staff-options-{language}.png", full_page=True, animations="disabled")
    page.locator("[name=_make]").click()
    page.wait_for_url(f"{office.url}{PRODUCTS}{product.pk}/change/")
    page.screenshot(path=screenshots / f"staff-variants-{language}.png", full_page=True, animations="disabled")
    made = Variant.objects.order_by("position").values_list("sku", "option_values", "stock")
    assert list(made) == [("T-1", ["S", "белый"], 7), ("T-1-2", ["S", "красный"], 0), ("T-1-3", ["M", "белый"], 0)]
