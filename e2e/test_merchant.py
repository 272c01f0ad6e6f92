"""What the merchant decides, as customers see it: name, look, contacts, hours, pages, rules of orders."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as BrowserPage

from conftest import Make
from e2e.back_office import BackOffice, save
from e2e.conftest import OpenShop, Serve
from e2e.storefront import DEMO, Storefront
from e2e.telegram import DARK, LIGHT
from e2e.test_every_page import OVERHANG
from merchant.models import Page
from orders.models import Order
from testing.merchant import SetShop, ShowPage
from testing.web import web

pytestmark = pytest.mark.django_db(transaction=True)

EVIL = "<img src=x onerror='document.title = 1'><b>жирный"
LOOKS = {
    "ru-390": {"language": "ru", "theme": LIGHT},
    "ru-390-dark": {"language": "ru", "theme": DARK},
    "en-320": {"language": "en", "theme": LIGHT, "size": (320, 568)},
    "ru-1280": {"language": "ru", "in_telegram": False, "size": (1280, 800), "variables": DEMO},
    "en-1280": {"language": "en", "in_telegram": False, "size": (1280, 800), "variables": DEMO},
}
ABOUT = {"ru": "О магазине", "en": "About the shop"}
CONTRAST = """(names) => {
    const style = getComputedStyle(document.documentElement);
    const canvas = document.createElement("canvas").getContext("2d");
    const luminance = (name) => {
        canvas.fillStyle = style.getPropertyValue(name);
        const [red, green, blue] = canvas.fillStyle.match(/[0-9a-f]{2}/g).map((part) => {
            const share = parseInt(part, 16) / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const [dark, light] = names.map(luminance).sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
}"""


def open_about(shop: Storefront) -> None:
    shop.page.get_by_role("link", name=ABOUT[shop.language]).click()
    expect(shop.heading(ABOUT[shop.language])).to_be_visible()


@pytest.mark.parametrize("look", LOOKS)
def test_screenshots_of_the_shop(open_shop: OpenShop, demo_products: None, screenshots: Path, look: str) -> None:
    shop = open_shop(**LOOKS[look])  # type: ignore[arg-type]

    def picture(name: str) -> None:
        shop.page.wait_for_load_state("networkidle")
        assert shop.page.evaluate(OVERHANG) <= 0, name
        shop.page.screenshot(path=screenshots / f"merchant-{look}-{name}.png", animations="disabled")

    expect(shop.page).to_have_title("Чайная «Белая ночь»")
    expect(shop.page.get_by_text("Новая посуда для долгих чаепитий")).to_be_visible()
    picture("home")
    open_about(shop)
    expect(shop.page.get_by_role("link", name="+7 8172 00-00-00")).to_have_attribute("href", "tel:+78172000000")
    expect(shop.page.get_by_role("listitem").filter(has_text="10:00–18:00")).to_be_visible()
    picture("about")
    shop.page.get_by_role("link", name="Политика конфиденциальности").click()
    expect(shop.page.get_by_text("напишите на chaj@example.org")).to_be_visible()
    picture("privacy")
    shop.reload()
    expect(shop.heading("Политика конфиденциальности")).to_be_visible()
    shop.back()
    expect(shop.heading(ABOUT[shop.language])).to_be_visible()


def test_banner_leads_into_the_shop_and_keeps_the_sign_in(open_shop: OpenShop, tea: Make, set_shop: SetShop) -> None:
    tea(name="Иван-чай")
    set_shop(banner_text="Весь иван-чай", banner_link="/?search=%D0%B8%D0%B2%D0%B0%D0%BD")
    shop = open_shop()
    shop.page.get_by_role("link", name="Весь иван-чай").click()
    expect(shop.field("search")).to_have_value("иван")
    shop.to_my_orders()
    shop.wait_for_text("заказов пока нет")


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("accent", ["#ffd400", "#000000", "#ffffff"])
@pytest.mark.parametrize("in_telegram", [True, False])
def test_accent_is_readable(
    open_shop: OpenShop,
    tea: Make,
    set_shop: SetShop,
    theme: dict[str, str],
    accent: str,
    in_telegram: bool,
) -> None:
    tea()
    set_shop(accent=accent)
    scheme = "dark" if theme is DARK else "light"
    shop = open_shop(theme=theme, in_telegram=in_telegram, color_scheme=scheme)
    expect(shop.product("Иван-чай")).to_be_visible()
    if in_telegram:
        shop.telegram.wait_for_script()
    for names in (["--accent", "--bg"], ["--accent", "--surface"], ["--button", "--button-text"]):
        assert shop.page.evaluate(CONTRAST, names) >= 4.5, names


def test_closed_shop_says_so_and_takes_no_order(open_shop: OpenShop, tea: Make, set_shop: SetShop) -> None:
    tea()
    set_shop(accepts_orders=True)
    shop = open_shop()
    shop.fill_checkout()
    set_shop(accepts_orders=False, notice="Вернёмся в понедельник")
    shop.place_order()
    shop.wait_for_text("Вернёмся в понедельник")
    expect(shop.heading("Корзина")).to_be_visible()
    assert shop.telegram.main_button_text() == "К товарам"
    shop.press("catalog")
    shop.wait_for_text("Сейчас магазин не принимает заказы")
    assert not Order.objects.exists()
    set_shop(accepts_orders=True)
    shop.to_cart()
    shop.to_checkout()
    shop.place_order()
    shop.order_number()


def test_cart_says_what_is_missing_to_the_minimum(open_shop: OpenShop, tea: Make, set_shop: SetShop) -> None:
    tea(price="390.00")
    set_shop(min_total="1000")
    shop = open_shop(language="en")
    shop.add("Иван-чай")
    shop.to_cart()
    shop.wait_for_text("The minimum order is ₽1,000")
    shop.wait_for_text("₽610 to go")
    for _ in range(2):
        shop.button("more").click()
    expect(shop.page.get_by_text("to go")).to_have_count(0)
    shop.to_checkout()
    shop.fill(name="Anna", phone="+7 912 345-67-89")
    set_shop(min_total="2000")
    shop.place_order()
    shop.wait_for_text("₽830 to go")


def test_customer_agrees_to_the_text_of_now(
    open_shop: OpenShop, tea: Make, set_shop: SetShop, show_page: ShowPage
) -> None:
    tea()
    privacy = show_page("privacy", title="Политика", text="Храним имя.")
    terms = show_page("terms", title="Условия", text="Первые условия.")
    shop = open_shop()
    shop.fill_checkout()
    shop.wait_for_text("Оформляя заказ, вы соглашаетесь с документами:")
    shop.page.get_by_role("link", name="Условия").click()
    shop.wait_for_text("Первые условия.")
    shop.back()
    shop.wait_for_fields(name="Анна", address="Вологда, Мира 1")
    changed = show_page("terms", title="Новые условия", text="Вторые условия.")
    shop.place_order()
    shop.wait_for_text("Условия магазина новые или изменились")
    expect(shop.page.get_by_role("link", name="Новые условия")).to_be_visible()
    assert not Order.objects.exists()
    shop.place_order()
    shop.order_number()
    assert Order.objects.get().consent == {"privacy": privacy.version, "terms": changed.version}
    assert changed.version != terms.version


def test_what_the_merchant_writes_is_never_markup(
    open_shop: OpenShop, tea: Make, set_shop: SetShop, show_page: ShowPage
) -> None:
    tea()
    set_shop(name=EVIL, notice=EVIL, accepts_orders=False, banner_text=EVIL, address=EVIL)
    show_page("about", title=EVIL, text=EVIL)
    shop = open_shop()
    expect(shop.page.get_by_role("banner")).to_contain_text("<b>жирный")
    open_about(shop)
    expect(shop.page.get_by_role("main")).to_contain_text("<b>жирный")
    shop.page.get_by_role("link", name="<b>жирный").first.click()
    expect(shop.page.get_by_role("article")).to_have_text(EVIL)
    assert shop.page.locator("b, img[src=x]").count() == 0
    assert shop.page.title() != "1"


def test_hidden_page_is_gone(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop("/?page=terms")
    shop.wait_for_text("Такой страницы нет")
    shop.page.get_by_role("link", name=re.compile("К товарам")).click()
    expect(shop.product("Иван-чай")).to_be_visible()
    assert not Page.objects.filter(is_shown=True).exists()


@pytest.fixture
def back_office(browser: Browser, serve: Serve, environment: dict[str, str], run_folder: Path) -> Iterator[BackOffice]:
    """Return the back office of a separate server, as in test_staff.py; fail on script errors in its windows."""
    serve()  # collects the static files
    with web(environment, run_folder / "web.log") as url:
        opened = BackOffice(browser, url)
        yield opened
        opened.close()
    assert opened.errors == []


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)], ids=["1280", "390"])
def test_customer_sees_what_staff_have_just_saved(
    back_office: BackOffice,
    open_shop: OpenShop,
    tea: Make,
    set_shop: SetShop,
    show_page: ShowPage,
    screenshots: Path,
    size: tuple[int, int],
) -> None:
    tea()
    set_shop(name="Чайная")
    privacy = show_page("privacy", is_shown=False)

    def picture(page: BrowserPage, name: str) -> None:
        assert page.evaluate(OVERHANG) <= 0, name
        page.screenshot(path=screenshots / f"office-{size[0]}-{name}.png", full_page=True, animations="disabled")

    page = back_office.open("/admin/merchant/shopsettings/1/change/", size=size)
    page.locator("[name=name]").fill("Белая ночь")
    page.locator("[name=monday_opens]").fill("10:00")
    save(page)
    expect(page.get_by_text("Понедельник: укажите и открытие, и закрытие")).to_be_visible()
    picture(page, "refused")
    page.locator("[name=monday_closes]").fill("20:00")
    save(page)
    expect(page.locator("[name=monday_closes]")).to_have_value("20:00:00")
    picture(page, "settings")
    page.goto(f"{back_office.url}/admin/merchant/page/{privacy.pk}/change/")
    page.locator("[name=is_shown]").check()
    save(page)
    page.goto(f"{back_office.url}/admin/merchant/page/{privacy.pk}/history/")
    picture(page, "history")
    shop = open_shop()
    expect(shop.page).to_have_title("Белая ночь")
    open_about(shop)
    expect(shop.page.get_by_text("10:00–20:00")).to_be_visible()
    expect(shop.page.get_by_role("link", name="Privacy")).to_be_visible()
