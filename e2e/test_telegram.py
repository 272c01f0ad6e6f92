"""In Telegram the page uses Telegram's own buttons; with no script, or an old app, it has its own."""

from playwright.sync_api import Route, expect

from conftest import Make
from e2e.conftest import OpenShop, Serve
from e2e.storefront import DEMO, Storefront
from e2e.telegram import DARK, LIGHT, OLD_DARK, SCRIPT_URL
from e2e.tour import walk
from orders.models import Order
from testing.bot_api import wait_until


def test_app_is_told_that_the_page_is_there(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    wait_until(lambda: shop.telegram.asked("web_app_ready") and shop.telegram.asked("web_app_expand"))


def test_app_is_told_that_the_page_is_there_before_the_script_is(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop("/health")
    shop.page.route(SCRIPT_URL, lambda route: None)  # it is never answered
    shop.enter("commit")
    wait_until(lambda: shop.telegram.asked("web_app_ready"))
    assert not shop.telegram.asked("web_app_expand")


def test_web_client_is_told_that_the_page_in_its_frame_is_there(open_shop: OpenShop, serve: Serve, tea: Make) -> None:
    tea()
    page = open_shop("/health", in_telegram=False).page
    client = f"""<script>addEventListener("message", ({{ data }}) => (heard = data)); heard = ""</script>
        <iframe src="{serve()}/"></iframe>"""
    page.route("https://web.telegram.org/", lambda route: route.fulfill(body=client, content_type="text/html"))
    page.goto("https://web.telegram.org/")
    wait_until(lambda: "web_app_ready" in page.evaluate("heard"))


def test_back_button_is_there_on_all_pages_but_the_first(open_shop: OpenShop, tea: Make) -> None:
    product = tea()
    shop = open_shop()
    shop.telegram.wait_for_script()
    for page in walk(shop, product):
        shop.telegram.wait_for_back_button(there=page != "catalog")
        assert shop.button("back").locator("visible=true").count() == 0, page


def test_back_button_leads_all_the_way_back(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.ready_to_order()
    shop.back()
    expect(shop.page.get_by_role("heading", level=1, name="Корзина")).to_be_visible()
    shop.back()
    expect(shop.field("search")).to_be_visible()
    shop.telegram.wait_for_back_button(there=False)


def test_way_back_from_an_order_does_not_lead_into_the_checkout(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.ready_to_order()
    shop.place_order()
    shop.order_number()
    shop.back()
    expect(shop.field("search")).to_be_visible()


def test_main_button_is_the_only_one_that_leads_on(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.ready_to_order()
    shop.telegram.wait_for_main_button("заказать · 390")
    assert shop.button("place").locator("visible=true").count() == 0


def test_main_button_shows_that_an_order_is_under_way(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.ready_to_order()
    waiting: list[Route] = []
    shop.page.route("**/api/v1/orders", lambda route: waiting.append(route))
    shop.place_order()
    # Playwright calls the route only while it is asked something itself.
    wait_until(lambda: shop.page.evaluate("true") and waiting)
    # The page tells the client after it has sent the order.
    wait_until(lambda: (button := shop.telegram.main_button())["is_progress_visible"] and not button["is_active"])
    waiting[0].continue_()
    shop.order_number()


def closing_is_confirmed(shop: Storefront) -> bool:
    """Return whether the app asks before it closes the shop."""
    asked = shop.telegram.asked("web_app_setup_closing_behavior")
    return bool(asked and asked[-1]["need_confirmation"])


def test_closing_is_confirmed_while_something_typed_could_be_lost(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.ready_to_order()
    wait_until(lambda: closing_is_confirmed(shop))
    shop.place_order()
    shop.order_number()
    wait_until(lambda: not closing_is_confirmed(shop))


def test_closing_is_confirmed_if_the_script_comes_after_the_checkout(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.ready_to_order()
    scripts: list[Route] = []
    shop.page.route(SCRIPT_URL, lambda route: scripts.append(route))
    shop.page.reload(wait_until="commit")
    shop.has_filled(address="Вологда, Мира 1")
    scripts[0].fallback()
    wait_until(lambda: closing_is_confirmed(shop))


def test_taps_and_orders_can_be_felt(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop()
    shop.ready_to_order()
    wait_until(lambda: shop.telegram.asked("web_app_trigger_haptic_feedback"))
    shop.place_order()
    shop.order_number()
    wait_until(
        lambda: (
            {"type": "notification", "notification_type": "success"}
            in shop.telegram.asked("web_app_trigger_haptic_feedback")
        )
    )


def test_contact_that_is_shared_fills_the_phone_in(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(contact="79123456789")  # some clients leave the plus out
    shop.add("Иван-чай")
    shop.to_cart()
    shop.to_checkout()
    shop.button("phone_from_telegram").click()
    shop.has_filled(phone="+79123456789")
    assert len(shop.telegram.asked("web_app_request_phone")) == 1


def test_what_is_typed_while_the_contact_is_on_its_way_stays(open_shop: OpenShop, tea: Make) -> None:
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
    shop.has_filled(phone="+79123456789", address="Вологда, Мира 1")


def test_contact_that_is_refused_can_be_typed(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(contact="")
    shop.add("Иван-чай")
    shop.to_cart()
    shop.to_checkout()
    shop.button("phone_from_telegram").click()
    shop.says("введите его сами")
    shop.fill(name="Анна", phone="+7 912 345-67-89")
    shop.place_order()
    shop.order_number()


def test_theme_that_changes_while_the_shop_is_open(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(theme=LIGHT)
    shop.telegram.wait_for_script()
    expect(shop.page.locator("html")).to_have_css("background-color", "rgb(255, 255, 255)")
    shop.telegram.receive("theme_changed", {"theme_params": DARK})
    expect(shop.page.locator("html")).to_have_css("background-color", "rgb(23, 33, 43)")


def test_theme_without_a_background_is_left_alone(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(theme={"secondary_bg_color": "#232e3c", "text_color": "#f5f5f5"})
    expect(shop.button("add", "Иван-чай")).to_be_visible()
    expect(shop.page.locator("html")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_page_keeps_clear_of_what_the_client_covers(open_shop: OpenShop, tea: Make) -> None:
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


def test_order_with_the_script_blocked(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(script=False).without_telegrams_buttons()
    shop.ready_to_order()
    shop.place_order(taps=2)
    assert shop.order_number() == Order.objects.get().pk
    assert Order.objects.get().contact_name == "Анна"
    shop.back()
    expect(shop.field("search")).to_be_visible()


def test_order_in_the_oldest_app(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(version="6.0", theme=OLD_DARK)
    shop.ready_to_order()
    expect(shop.button("phone_from_telegram")).to_have_count(0)
    shop.place_order()
    shop.order_number()
    shop.without_telegrams_buttons().back()  # 6.0 has no BackButton
    expect(shop.field("search")).to_be_visible()


def test_ordinary_browser_shows_products_and_sends_to_telegram_to_order(open_shop: OpenShop, tea: Make) -> None:
    tea()
    shop = open_shop(in_telegram=False)
    shop.add("Иван-чай")
    shop.press("cart")
    shop.says("390 ₽")
    shop.press("checkout")
    shop.says("заказать можно в telegram")
    assert shop.page.get_by_text("Демонстрация").count() == 0


def test_demo_says_so(open_shop: OpenShop, tea: Make) -> None:
    tea()
    open_shop(in_telegram=False, variables=DEMO).says("демонстрация")
