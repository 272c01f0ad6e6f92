"""Content-Security-Policy: the back office and the API docs work without violations."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from accounts.models import User
from conftest import Headers, JSONClient, Make
from e2e.conftest import Serve
from orders.models import Order
from orders.statuses import Status

RULE = re.compile("Content.Security.Policy")


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Return a function that opens a window; fail on script errors and policy violations in it."""
    errors: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if RULE.search(message.text):
            errors.append(message.text)

    def window(url: str) -> Page:
        context = browser.new_context(base_url=url, locale="ru-RU", viewport={"width": 1400, "height": 900})
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", listen)
        return page

    yield window
    for context in browser.contexts:
        context.close()
    assert errors == []


def sign_in(page: Page) -> None:
    """Open the back office as a superuser."""
    owner = Client()
    # Not with the form: the tests and the served shop use different password hashers.
    owner.force_login(User.objects.create_superuser("owner"))
    page.goto("/admin/login/")
    session = owner.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "domain": "127.0.0.1", "path": "/"}])
    page.goto("/admin/")


def saved(page: Page) -> None:
    """Wait for the message that the change was saved."""
    expect(page.get_by_text(re.compile("успешно")).first).to_be_visible()


def test_back_office_pages_violate_no_policy(
    serve: Serve, open_page: Callable[[str], Page], tea: Make, client: JSONClient, alice: Headers
) -> None:
    # A separate server: those of other tests cache content types that were deleted.
    page = open_page(serve(TELEGRAM_BOT_USERNAME="office_bot"))
    page.route("https://cdn.example.org/**", lambda route: route.fulfill(body="", content_type="image/png"))
    product: Any = tea(name="Иван-чай", images=["demo/ch-001-1.jpg", "https://cdn.example.org/a.jpg"])
    body = {"items": [{"product_id": product.pk, "quantity": 1}]}
    order = client.post("/api/v1/orders", body, HTTP_AUTHORIZATION=alice["HTTP_AUTHORIZATION"]).json()["number"]
    sign_in(page)

    page.goto("/admin/catalog/variant/?is_active__exact=1")
    page.get_by_role("row", name="Иван-чай").locator("input[name$=price]").first.fill("411.00")
    page.get_by_role("button", name="Сохранить").first.click()
    saved(page)

    page.goto(f"/admin/catalog/product/{product.pk}/change/")
    page.locator("[name=description]").fill("Собран в июле")
    page.locator("[name=_continue]").click()
    saved(page)
    product.refresh_from_db()
    assert (str(product.price), product.description) == ("411.00", "Собран в июле")

    page.goto("/admin/orders/order/")
    page.locator("[x-on\\:click*=filterOpen]").first.click()
    page.locator("#changelist-filter a[title=Сегодня]").click()
    page.get_by_role("link", name=re.compile(rf"\b{order}\b")).first.click()
    page.get_by_role("link", name="Подтвердить").or_(page.get_by_role("button", name="Подтвердить")).first.click()
    expect(page.get_by_text(re.compile("подтвержд", re.IGNORECASE)).first).to_be_visible()
    assert Order.objects.get().status == Status.CONFIRMED


def test_theme_and_command_palette_work(serve: Serve, open_page: Callable[[str], Page], tea: Make) -> None:
    tea(name="Иван-чай")
    page = open_page(serve())
    sign_in(page)
    page.get_by_text("unfold_more").click()
    page.get_by_text("dark_mode").click()
    expect(page.locator("html")).to_have_class(re.compile(r"\bdark\b"))
    page.keyboard.press("Control+k")
    page.locator("#search-input-command").press_sequentially("Товар")
    page.keyboard.press("End")  # Cyrillic text is inserted without key events, and the palette needs one
    expect(page.locator("#command-results")).to_contain_text("Товары")


def test_injected_script_does_not_run(serve: Serve, open_page: Callable[[str], Page], transactional_db: None) -> None:
    """Control: the policy is active, and violations are detected."""
    page = open_page(serve())
    sign_in(page)
    other = page.context.new_page()
    other.goto("/admin/")
    broken = other.evaluate(
        """() => new Promise((resolve) => {
            document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
        })"""
    )
    assert (broken, other.evaluate("window.ran")) == ("script-src-elem", None)


def test_api_docs_execute_a_call(serve: Serve, open_page: Callable[[str], Page], tea: Make) -> None:
    tea()
    page = open_page(serve())
    page.goto("/docs")
    operation = page.locator("#operations-categories-categories_list")
    operation.locator(".opblock-summary").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table .response .microlight").first).to_contain_text("Чай")
