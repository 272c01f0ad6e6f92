"""Integration with Telegram: its buttons, theme and contact; own buttons without its script or in old apps."""

from playwright.sync_api import Route, expect

from conftest import Make
from e2e.conftest import OpenShop, Serve
from e2e.storefront import DEMO, Storefront
from e2e.telegram import DARK, LIGHT, OLD_DARK, SCRIPT_URL
from e2e.tour import walk
from orders.models import Order
from testing.bot_api import wait_until


def test_page_reports_that_it_is_ready(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    wait_until(lambda: shop.telegram.asked("web_app_ready") and shop.telegram.asked("web_app_expand"))


def test_page_is_ready_before_telegrams_script_loads(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop("/health")
    shop.page.route(SCRIPT_URL, lambda route: None)  # no response
    shop.enter("commit")
    wait_until(lambda: shop.telegram.asked("web_app_ready"))
    assert not shop.telegram.asked("web_app_expand")


def test_page_in_a_frame_reports_that_it_is_ready(open_shop: OpenShop, serve: Serve, tea: Make) -> None:
    tea()
    page = open_shop("/health", in_telegram=False).page
    client = f"""<script>addEventListener("message", ({{ data }}) => (heard = data)); heard = ""</script>
        <iframe src="{serve()}/"></iframe>"""
    page.route("https://web.telegram.org/", lambda route: route.fulfill(body=client, content_type="text/html"))
    page.goto("https://web.telegram.org/")
    wait_until(lambda: "web_app_ready" in page.evaluate("heard"))


def test_back_button_is_shown_on_all_pages_but_the_first(open_shop: OpenShop, tea: Make) -> None:
    product = tea()
    shop = open_shop()
    shop.telegram.wait_for_script()
    for page in walk(shop, product):
        shop.telegram.wait_for_back_button(there=page != "catalog")
        assert shop.button("back").locator("visible=true").count() == 0, page


def test_back_button_leads_to_the_catalog(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.fill_checkout()
    shop.back()
    expect(shop.page.get_by_role("heading", level=1, name="Корзина")).to_be_visible()
    shop.back()
    expect(shop.field("search")).to_be_visible()
    shop.telegram.wait_for_back_button(there=False)


def test_back_from_an_order_does_not_open_the_checkout(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.fill_checkout()
    shop.place_order()
    shop.order_number()
    shop.back()
    expect(shop.field("search")).to_be_visible()


def test_main_button_replaces_the_buttons_of_the_page(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.fill_checkout()
    shop.telegram.wait_for_main_button("заказать · 390")
    assert shop.button("place").locator("visible=true").count() == 0


def test_main_button_shows_progress_of_an_order(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.fill_checkout()
    waiting: list[Route] = []
    shop.page.route("**/api/v1/orders", lambda route: waiting.append(route))
    shop.place_order()
    # Playwright calls the route handler only during its own calls.
    wait_until(lambda: shop.page.evaluate("true") and waiting)
    # The page notifies the client after it has sent the order.
    wait_until(lambda: (button := shop.telegram.main_button())["is_progress_visible"] and not button["is_active"])
    waiting[0].continue_()
    shop.order_number()


def closing_is_confirmed(shop: Storefront) -> bool:
    """Return whether the app asks for a confirmation before it closes the shop."""
    asked = shop.telegram.asked("web_app_setup_closing_behavior")
    return bool(asked and asked[-1]["need_confirmation"])


def test_closing_is_confirmed_while_the_form_is_filled(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.fill_checkout()
    wait_until(lambda: closing_is_confirmed(shop))
    shop.place_order()
    shop.order_number()
    wait_until(lambda: not closing_is_confirmed(shop))


def test_closing_is_confirmed_if_telegrams_script_loads_late(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.fill_checkout()
    scripts: list[Route] = []
    shop.page.route(SCRIPT_URL, lambda route: scripts.append(route))
    shop.page.reload(wait_until="commit")
    shop.wait_for_fields(address="Вологда, Мира 1")
    scripts[0].fallback()
    wait_until(lambda: closing_is_confirmed(shop))


def test_taps_and_orders_give_haptic_feedback(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.fill_checkout()
    wait_until(lambda: shop.telegram.asked("web_app_trigger_haptic_feedback"))
    shop.place_order()
    shop.order_number()
    wait_until(
        lambda: (
            {"type": "notification", "notification_type": "success"}
            in shop.telegram.asked("web_app_trigger_haptic_feedback")
        )
    )


def test_shared_contact_fills_the_phone(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(contact="79123456789")  # some clients omit the plus sign
    shop.add("Иван-чай")
    shop.to_cart()
    shop.to_checkout()
    shop.button("phone_from_telegram").click()
    shop.wait_for_fields(phone="+79123456789")
    assert len(shop.telegram.asked("web_app_request_phone")) == 1


def test_typed_phone_is_kept_when_the_contact_arrives(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(contact="79123456789")
    shop.add("Иван-чай")
    shop.to_cart()
    shop.to_checkout()
    contact = shop.page.evaluate("telegramClient.contact")
    shop.page.evaluate("telegramClient.contact = ''")
    shop.button("phone_from_telegram").click()
    wait_until(lambda: shop.telegram.asked("web_app_invoke_custom_method"))
    shop.fill(address="Вологда, Мира 1")
    shop.page.evaluate("contact => { telegramClient.contact = contact; }", contact)
    shop.wait_for_fields(phone="+79123456789", address="Вологда, Мира 1")


def test_phone_can_be_typed_if_the_contact_is_refused(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(contact="")
    shop.add("Иван-чай")
    shop.to_cart()
    shop.to_checkout()
    shop.button("phone_from_telegram").click()
    shop.wait_for_text("введите его вручную")
    shop.fill(name="Анна", phone="+7 912 345-67-89")
    shop.place_order()
    shop.order_number()


def test_page_follows_a_theme_change(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(theme=LIGHT)
    shop.telegram.wait_for_script()
    expect(shop.page.locator("html")).to_have_css("background-color", "rgb(255, 255, 255)")
    shop.telegram.receive("theme_changed", {"theme_params": DARK})
    expect(shop.page.locator("html")).to_have_css("background-color", "rgb(23, 33, 43)")


def test_theme_without_a_background_is_ignored(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(theme={"secondary_bg_color": "#232e3c", "text_color": "#f5f5f5"})
    expect(shop.button("add", "Иван-чай")).to_be_visible()
    expect(shop.page.locator("html")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_page_respects_the_safe_areas(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.telegram.wait_for_script()
    top = shop.page.get_by_role("main").bounding_box()
    shop.telegram.receive("safe_area_changed", {"top": 40, "bottom": 34, "left": 0, "right": 0})
    shop.telegram.receive("content_safe_area_changed", {"top": 46, "bottom": 0, "left": 0, "right": 0})
    moved = shop.page.get_by_role("main").bounding_box()
    assert top
    assert moved
    assert moved["y"] == top["y"] + 86
    expect(shop.page.locator("#shop")).to_have_css("padding-bottom", f"{96 + 34}px")


def test_order_is_placed_without_telegrams_script(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(script=False).without_telegram()
    shop.fill_checkout()
    shop.place_order(taps=2)
    assert shop.order_number() == Order.objects.get().number
    assert Order.objects.get().contact_name == "Анна"
    shop.back()
    expect(shop.field("search")).to_be_visible()


def test_order_is_placed_in_the_oldest_app(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(version="6.0", theme=OLD_DARK)
    shop.fill_checkout()
    expect(shop.button("phone_from_telegram")).to_have_count(0)
    shop.place_order()
    shop.order_number()
    shop.without_telegram().back()  # 6.0 has no BackButton
    expect(shop.field("search")).to_be_visible()


def test_browser_shows_products_and_links_to_telegram_for_orders(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(in_telegram=False)
    shop.add("Иван-чай")
    shop.press("cart")
    shop.wait_for_text("390 ₽")
    shop.press("checkout")
    shop.wait_for_text("заказать можно в telegram")
    assert shop.page.get_by_text("Демонстрация").count() == 0


def test_demo_shows_a_notice(open_shop: OpenShop, tea: Make) -> None:
    tea()
    open_shop(in_telegram=False, variables=DEMO).wait_for_text("демонстрация")
