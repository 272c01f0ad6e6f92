"""The catalog: categories, search, sorting, the endless list, the product page and deep links."""

import re
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from playwright.sync_api import Route, expect
from pytest_django import Settings

from catalog.images.uploads import prepare
from catalog.images.urls import thumbnail
from catalog.models import Product
from conftest import Make
from e2e.conftest import OpenShop, Serve
from e2e.storefront import Storefront
from testing.bot_api import DEADLINE, wait_until


def names(shop: Storefront) -> list[str]:
    """List the names of the products in the catalog, in order."""
    titles: list[str] = shop.page.get_by_role("main").get_by_role("heading", level=3).all_inner_texts()
    return titles


def shows(shop: Storefront, *expected: str) -> None:
    """Wait until the catalog shows these products in this order."""
    wait_until(lambda: names(shop) == list(expected))


def test_catalog_shows_prices_and_availability(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай", price="390.00", old_price="450.00")
    tea(name="Гэммайтя", price="590.50", stock=0)
    shop = open_shop()
    on_sale = shop.page.get_by_role("listitem").filter(has_text="Иван-чай")
    expect(on_sale).to_contain_text("390 ₽")
    expect(on_sale).to_contain_text(re.compile(r"Старая цена\s450\s₽"))
    sold_out = shop.page.get_by_role("listitem").filter(has_text="Гэммайтя")
    expect(sold_out).to_contain_text("590,50 ₽")
    expect(sold_out).to_contain_text("Нет в наличии")
    expect(sold_out.get_by_role("button", name="Добавить")).to_have_count(0)


@pytest.mark.parametrize(
    ("price", "old_price"),
    [("90.00", "100.00"), ("800.00", "1000.00"), ("333.33", "500.00"), ("0.01", "9999999999.99")],
)
def test_discount_is_the_same_before_and_after_scripts_load(
    open_shop: OpenShop, serve: Serve, tea: Make, price: str, old_price: str
) -> None:
    product = tea(price=price, old_price=old_price)
    percent = re.search(r"−\d+%", requests.get(f"{serve()}/", timeout=DEADLINE).text)
    assert percent
    shop = open_shop()
    expect(shop.button("add", product.name)).to_be_visible()
    expect(shop.page.get_by_text(percent[0], exact=True)).to_be_visible()


def test_grid_shows_thumbnails_and_product_page_shows_pictures(
    open_shop: OpenShop, tea: Make, settings: Settings, run_folder: Path
) -> None:
    settings.MEDIA_ROOT = run_folder / "media"
    content = BytesIO()
    Image.new("RGB", (1200, 1200), "teal").save(content, "PNG")
    picture = prepare(SimpleUploadedFile("tea.png", content.getvalue()))
    picture.store()
    product = tea(images=[picture.name])
    shop = open_shop()
    image = shop.page.get_by_role("main").locator("img")
    expect(image).to_have_js_property("naturalWidth", 480)
    shop.product(product.name).click()
    expect(image).to_have_js_property("naturalWidth", 1200)
    (settings.MEDIA_ROOT / str(thumbnail(picture.name))).unlink()
    shop.back()
    shop.reload()
    expect(image).to_have_js_property("naturalWidth", 1200)


def test_category_includes_its_subcategories(open_shop: OpenShop, make_category: Make, make_product: Make) -> None:
    tea = make_category(name="Чай", position=1)
    green = make_category(name="Зелёный", parent=tea, position=2)
    honey = make_category(name="Мёд", position=3)
    for name, category in (("Иван-чай", tea), ("Сенча", green), ("Липовый", honey)):
        make_product(name=name, category=category)
    shop = open_shop()
    shows(shop, "Липовый", "Сенча", "Иван-чай")
    chips = shop.page.get_by_role("navigation", name="Категории")
    chips.get_by_text("Чай", exact=True).click()
    shows(shop, "Сенча", "Иван-чай")
    shop.page.get_by_text("Зелёный", exact=True).click()
    shows(shop, "Сенча")
    shop.reload()
    shows(shop, "Сенча")
    chips.get_by_text("Все", exact=True).first.click()
    shows(shop, "Липовый", "Сенча", "Иван-чай")


def test_tap_on_the_selected_category_adds_no_history_entry(open_shop: OpenShop, tea: Make, make_product: Make) -> None:
    tea(name="Иван-чай")
    make_product(name="Липовый")
    shop = open_shop()
    chip = shop.page.get_by_role("navigation", name="Категории").get_by_text("Чай", exact=True)
    for _ in range(3):
        chip.click()
    shows(shop, "Иван-чай")
    shop.back()
    shows(shop, "Липовый", "Иван-чай")
    shop.telegram.wait_for_back_button(there=False)


def test_search_updates_while_the_customer_types(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай")
    tea(name="Гэммайтя")
    shop = open_shop()
    shop.field("search").press_sequentially("гэмм")
    shows(shop, "Гэммайтя")
    shop.field("search").press_sequentially(" самовар")
    shop.wait_for_text("ничего не нашлось")
    shop.wait_for_text("«гэмм самовар»")
    shop.page.get_by_role("button", name=re.compile("показать все|очистить", re.IGNORECASE)).first.click()
    shows(shop, "Гэммайтя", "Иван-чай")


def test_suggestions_lead_to_categories_and_products(open_shop: OpenShop, demo_products: None) -> None:
    shop = open_shop()
    shop.field("search").press_sequentially("улун")
    suggestions = shop.suggestions()
    expect(suggestions.get_by_role("link").first).to_have_text("Зелёный чай и улун")
    product = suggestions.get_by_role("link", name="Те Гуань Инь")
    expect(product).to_contain_text("940 ₽")
    wait_until(lambda: product.locator("img").evaluate("image => image.complete && image.naturalWidth > 0"))
    product.click()
    expect(shop.heading("Те Гуань Инь, светлый улун, 100 г")).to_be_visible()
    shop.back()
    expect(suggestions).to_have_count(0)
    expect(shop.heading("7 товаров")).to_be_visible()
    shop.field("search").fill("улу")
    suggestions.get_by_role("link", name="Зелёный чай и улун").click()
    expect(shop.field("search")).to_have_value("")
    expect(shop.heading("Зелёный чай и улун").first).to_be_visible()
    expect(suggestions).to_have_count(0)


def test_catalog_tells_how_a_search_was_understood(open_shop: OpenShop, demo_products: None) -> None:
    shop = open_shop()
    shop.field("search").fill("xfq")
    shop.wait_for_text("показаны результаты по запросу «чай»")
    expect(shop.heading(re.compile(r"^\d+\sтовар"))).to_be_visible()
    shop.field("search").fill("шоколад с единорогом")
    shop.wait_for_text("всех слов сразу нет ни в одном товаре. показаны результаты по запросу «шоколад»")
    shop.field("search").fill("чай")
    expect(shop.page.get_by_text("Показаны результаты")).to_have_count(0)


def test_search_without_results_offers_categories(open_shop: OpenShop, demo_products: None) -> None:
    shop = open_shop()
    shop.field("search").fill("велосипед")
    offered = shop.page.get_by_role("navigation", name="Загляните в категории")
    offered.get_by_role("link", name="Кофе").click()
    expect(shop.field("search")).to_have_value("")
    expect(shop.product("Колумбия «Уила»")).to_be_visible()


def test_search_keeps_a_category_selected_meanwhile(open_shop: OpenShop, tea: Make, make_product: Make) -> None:
    tea(name="Чай белый")
    tea(name="Чай красный")
    make_product(name="Мёд белый")
    shop = open_shop()
    chip = shop.page.get_by_role("navigation", name="Категории").get_by_text("Чай", exact=True)
    # At once: the search begins a moment after the last key.
    shop.field("search").evaluate(
        """(field, chip) => {
            field.value = "белый";
            field.dispatchEvent(new Event("input", { bubbles: true }));
            chip.click();
        }""",
        chip.element_handle(),
    )
    shows(shop, "Чай белый")


def test_sorting_by_price(open_shop: OpenShop, tea: Make) -> None:
    for name, price in (("Средний", "200.00"), ("Дорогой", "900.00"), ("Дешёвый", "99.00")):
        tea(name=name, price=price)
    shop = open_shop()
    shows(shop, "Дешёвый", "Дорогой", "Средний")
    shop.field("sort").select_option(label="Сначала дешёвые")
    shows(shop, "Дешёвый", "Средний", "Дорогой")
    shop.field("sort").select_option(label="Сначала дорогие")
    shows(shop, "Дорогой", "Средний", "Дешёвый")
    shop.reload()
    shows(shop, "Дорогой", "Средний", "Дешёвый")


def test_search_is_sorted_by_relevance_by_default(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай")
    tea(name="Мёд", description="Хорош в иван-чай.")
    shop = open_shop()
    chosen = shop.field("sort").locator("option:checked")
    expect(chosen).to_have_text("Сначала новые")
    shop.field("search").fill("иван")
    shows(shop, "Иван-чай", "Мёд")
    expect(chosen).to_have_text("Сначала подходящие")
    shop.field("sort").select_option(label="Сначала новые")
    shows(shop, "Мёд", "Иван-чай")
    shop.reload()
    shows(shop, "Мёд", "Иван-чай")
    expect(chosen).to_have_text("Сначала новые")
    shop.field("search").fill("")
    expect(shop.field("sort").locator("option")).to_have_count(4)
    expect(chosen).to_have_text("Сначала новые")


def test_endless_list_restores_its_position_on_going_back(open_shop: OpenShop, tea: Make) -> None:
    for number in range(1, 61):
        tea(name=f"Чай {number:02}")
    shop = open_shop()
    expect(shop.product("Чай 60")).to_be_visible()
    assert len(names(shop)) < 60
    # Scrolling loads more products.
    wait_until(lambda: _scrolled_to_the_end(shop))
    assert len(set(names(shop))) == 60
    far_down = shop.product("Чай 07")
    far_down.scroll_into_view_if_needed()
    before = far_down.bounding_box()
    far_down.click()
    expect(shop.heading("Чай 07")).to_be_visible()
    shop.back()
    expect(far_down).to_be_in_viewport()
    wait_until(lambda: before and abs((far_down.bounding_box() or {"y": -9999.0})["y"] - before["y"]) < 8)


def _scrolled_to_the_end(shop: Storefront) -> bool:
    shop.page.mouse.wheel(0, 2000)
    return shop.product("Чай 01").count() > 0


def test_product_page_shows_all_fields(open_shop: OpenShop, demo_products: None) -> None:
    product = Product.objects.get(sku="CH-001")
    shop = open_shop()
    shop.field("search").fill("Шу пуэр")
    shop.product(product.name).click()
    expect(shop.heading(product.name)).to_be_visible()
    shop.wait_for_text("прессованный шу пуэр из уезда Мэнхай")
    shop.wait_for_text("2\\s490 ₽")
    shop.wait_for_text("2\\s890 ₽")
    pictures = shop.page.get_by_role("img", name=re.compile("фото|шу пуэр", re.IGNORECASE))
    expect(pictures.first).to_be_visible()
    loaded = "image => image.complete && image.naturalWidth > 0"
    wait_until(lambda: pictures.locator("visible=true").first.evaluate(loaded))
    next_picture = shop.page.get_by_role("button", name="Следующее фото")
    next_picture.click()
    shop.wait_for_text("2 из 2|2 / 2")


def shared_link(shop: Storefront) -> str:
    """Share the current product, and return the shared link."""
    shop.page.get_by_role("button", name="Поделиться").click()
    asked = wait_until(lambda: shop.telegram.asked("web_app_open_tg_link"))
    path: str = asked[0]["path_full"]
    return parse_qs(urlsplit(path).query)["url"][0]


def test_share_link_opens_the_product(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай")
    shop = open_shop()
    shop.product("Иван-чай").click()
    link = shared_link(shop)
    friend = open_shop("/health", in_telegram=False)
    friend.page.goto(link)
    expect(friend.heading("Иван-чай")).to_be_visible()


def test_share_link_of_the_bot_opens_the_product(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай")
    shop = open_shop(variables={"TELEGRAM_BOT_USERNAME": "tea_shop_bot"})
    shop.product("Иван-чай").click()
    address, _, start_param = shared_link(shop).partition("?startapp=")
    assert address == "https://t.me/tea_shop_bot"
    friend = open_shop(start_param=start_param)  # as Telegram passes it from the link
    expect(friend.heading("Иван-чай")).to_be_visible()


def test_deep_link_opens_the_product_and_back_opens_the_catalog(open_shop: OpenShop, tea: Make) -> None:
    product = tea(name="Иван-чай")
    tea(name="Гэммайтя")
    shop = open_shop(start_param=f"p_{product.pk}")
    expect(shop.heading("Иван-чай")).to_be_visible()
    shop.back()
    expect(shop.product("Гэммайтя")).to_be_visible()
    shop.reload()  # the start parameter is still present, but is used only once
    expect(shop.product("Гэммайтя")).to_be_visible()


def test_deep_link_in_a_browser_opens_the_product(open_shop: OpenShop, tea: Make) -> None:
    product = tea(name="Иван-чай")
    shop = open_shop(f"/?startapp=p_{product.pk}", in_telegram=False)
    expect(shop.heading("Иван-чай")).to_be_visible()


def test_deep_link_to_a_removed_product_links_to_the_catalog(open_shop: OpenShop, tea: Make) -> None:
    tea(name="Иван-чай")
    shop = open_shop(start_param="p_999999")
    shop.wait_for_text("такого товара нет")
    shop.link("catalog").click()
    expect(shop.product("Иван-чай")).to_be_visible()


def test_empty_shop_shows_a_message(open_shop: OpenShop, db: None) -> None:
    shop = open_shop()
    shop.wait_for_text("витрина пока пуста")


def test_loading_pictures_causes_no_layout_shift(open_shop: OpenShop, demo_products: None) -> None:
    shop = open_shop("/health")
    shop.page.add_init_script(
        "shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => (shift += entry.value)))"
        ".observe({type: 'layout-shift'})"
    )
    # Each picture is loaded after the rest of the page.
    shop.page.route("**/media/**", lambda route: held.append(route))
    held: list[Route] = []
    shop.enter("commit")
    wait_until(lambda: shop.button("add").count() > 4 and len(held) >= 4)
    places = "[...document.querySelectorAll('.card')].map((card) => card.getBoundingClientRect().top)"
    before = shop.page.evaluate(places)
    for route in held:
        route.continue_()
    wait_until(lambda: shop.page.evaluate("document.querySelector('.card img').naturalWidth") > 0)
    assert shop.page.evaluate(places) == before
    assert shop.page.evaluate("shift") < 0.01
