"""Page objects of the storefront, which find elements by their labels."""

import re
from typing import Literal

from playwright.sync_api import Locator, Page, expect

from e2e.telegram import Telegram

# Environment variables of a demo shop: no bot, and a demo customer.
DEMO = {"DEBUG": "on", "TELEGRAM_BOT_TOKEN": ""}
# Beginnings of labels, in Russian and in English.
WORDS = {
    "add": ("Добавить в корзину", "Add to cart"),
    "more": ("Добавить ещё", "One more"),
    "less": ("Убавить", "One less"),
    "remove": ("Удалить из корзины", "Remove from cart"),
    "cart": ("Корзина", "Cart"),
    "checkout": ("Оформ", "Checkout"),
    "place": ("Заказать ·", "Place order ·"),
    "confirm": ("Подтвердить ·", "Confirm ·"),
    "keep": ("Оставить то, что есть", "Keep what is available"),
    "phone_from_telegram": ("Взять номер из Telegram", "Use my Telegram number"),
    "name": ("Имя", "Name"),
    "phone": ("Телефон", "Phone"),
    "address": ("Адрес доставки", "Delivery address"),
    "comment": ("Комментарий", "Comment"),
    "placed": (r"Заказ №(\d+) принят", r"Order no\. (\d+) received"),
    "orders": ("Мои заказы", "My orders"),
    "order": ("Заказ №", "Order no."),
    "catalog": ("К товарам", "Browse products"),
    "search": ("Поиск товаров", "Search products"),
    "sort": ("Сортировка", "Sort by"),
    "back": ("Назад", "Back"),
    "retry": ("Повторить", "Try again"),
    "cancel_order": ("Отменить заказ", "Cancel order"),
    "favourite": ("В избранное", "Favourite"),
    "favourites": ("Избранное", "Favourites"),
    "repeat": ("Повторить заказ", "Order again"),
}


class Storefront:
    """A window with the storefront."""

    def __init__(self, page: Page, telegram: Telegram | None, language: str) -> None:
        self.page = page
        self._telegram = telegram
        self.language = language

    @property
    def telegram(self) -> Telegram:
        """The Telegram app around the page."""
        assert self._telegram is not None, "this window is an ordinary browser"
        return self._telegram

    # --- Finding -------------------------------------------------------------------------------------------

    def words(self, key: str) -> str:
        """Return the pattern of a label in the language of the window."""
        russian, english = WORDS[key]
        return russian if self.language == "ru" else english

    def button(self, key: str, name: str = "") -> Locator:
        """Find a button of the page; `name` is its object, such as a product."""
        return self.page.get_by_role("button", name=self._pattern(key, name))

    def link(self, key: str, name: str = "") -> Locator:
        """Find a link of the page."""
        return self.page.get_by_role("link", name=self._pattern(key, name))

    def product(self, name: str) -> Locator:
        """Find the link to a product in the catalog."""
        return self.page.locator(".grid").get_by_role("link", name=name)

    def cart_item(self, name: str) -> Locator:
        """Find the link to a product in the cart."""
        return self.page.locator(".cart-items").get_by_role("link", name=name)

    def suggestions(self) -> Locator:
        """Find the suggestions below the search field."""
        return self.page.get_by_role("group", name="Подсказки")

    def field(self, key: str) -> Locator:
        """Find a form field."""
        return self.page.get_by_label(self._pattern(key)).and_(self.page.locator("input, textarea, select"))

    def heading(self, name: str | re.Pattern[str]) -> Locator:
        """Find the heading of the page."""
        return self.page.get_by_role("heading", name=name)

    def wait_for_text(self, pattern: str) -> None:
        """Wait until the page shows a text."""
        any_space = pattern.replace(" ", r"\s")  # numbers contain narrow and non-breaking spaces
        expect(self.page.get_by_text(re.compile(any_space, re.IGNORECASE)).first).to_be_visible()

    def _pattern(self, key: str, name: str = "") -> re.Pattern[str]:
        return re.compile(f"^{self.words(key)}.*{re.escape(name)}", re.IGNORECASE)

    # --- Navigation ---------------------------------------------------------------------------------------------

    def press(self, key: str, taps: int = 1) -> None:
        """Press the main button: Telegram's, or that of the page without Telegram.

        Several taps are faster than the page is rendered.
        """
        if self._telegram:
            self._telegram.press_main_button(self.words(key), taps)
            return
        button = self.button(key)
        expect(button).to_be_enabled()
        button.evaluate("(button, taps) => { for (let tap = 0; tap < taps; tap += 1) button.click(); }", taps)

    def enter(self, wait_until: Literal["commit", "load"] = "load") -> None:
        """Open the shop in a window that was opened at `/health`, so that the test could prepare it."""
        self.page.goto(self.page.url.replace("/health", "/"), wait_until=wait_until)

    def back(self) -> None:
        """Go back: with Telegram's back button, or with that of the page."""
        if self._telegram:
            self._telegram.press_back_button()
        else:
            self.button("back").click()

    def reload(self) -> None:
        """Reload the page, as pulling it down does."""
        self.page.reload()

    def to_cart(self) -> None:
        """Open the cart from the catalog."""
        self.press("cart")
        expect(self.heading(self._pattern("cart"))).to_be_visible()

    def to_checkout(self) -> None:
        """Open the checkout from the cart."""
        self.press("checkout")
        expect(self.field("phone")).to_be_visible()

    def to_catalog(self) -> None:
        """Return to the catalog after an order."""
        self.press("catalog")
        expect(self.field("search")).to_be_visible()

    def to_my_orders(self) -> None:
        """Open the list of orders."""
        self.link("orders").first.click()
        expect(self.page.get_by_role("heading", level=1, name=self._pattern("orders"))).to_be_visible()

    def return_to_checkout(self) -> None:
        """Go to the checkout if the page has left it."""
        if not self.field("phone").is_visible():
            self.to_checkout()

    def without_telegram(self) -> "Storefront":
        """Return the same window for a page that shows its own buttons."""
        return Storefront(self.page, None, self.language)

    # --- Orders --------------------------------------------------------------------------------------------

    def add(self, name: str, pieces: int = 1) -> None:
        """Add a product of the catalog to the cart."""
        self.button("add", name).click()
        for _ in range(pieces - 1):
            self.button("more", name).click()

    def fill(self, **texts: str) -> None:
        """Fill fields of the checkout."""
        for key, text in texts.items():
            self.field(key).fill(text)

    def wait_for_fields(self, **texts: str) -> None:
        """Wait until fields of the checkout have these values."""
        for key, text in texts.items():
            expect(self.field(key)).to_have_value(text)

    def fill_checkout(self, product: str = "Иван-чай", pieces: int = 1, **texts: str) -> None:
        """Add a product to the cart, go to the checkout and fill its fields."""
        self.add(product, pieces)
        self.to_cart()
        self.to_checkout()
        self.fill(**{"name": "Анна", "phone": "+7 912 345-67-89", "address": "Вологда, Мира 1"} | texts)

    def place_order(self, taps: int = 1) -> None:
        """Press the button that places the order."""
        self.press("place", taps)

    def order_number(self) -> int:
        """Wait for the confirmation of the order, and return its number."""
        said = self.heading(re.compile(self.words("placed")))
        expect(said).to_be_visible()
        match = re.search(self.words("placed"), said.inner_text())
        assert match
        return int(match[1])
