"""The shop's pages, by what a person calls the things on them."""

import re
from typing import Literal

from playwright.sync_api import Locator, Page, expect

from e2e.telegram import Telegram

# Variables of a shop that is only being tried: no bot, and a customer made up.
DEMO = {"DEBUG": "on", "TELEGRAM_BOT_TOKEN": ""}
# Beginnings of what people read, in Russian and in English.
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
    "repeat": ("Повторить заказ", "Order again"),
}


class Storefront:
    """One window with the shop in it."""

    def __init__(self, page: Page, telegram: Telegram | None, language: str) -> None:
        self.page = page
        self._telegram = telegram
        self.language = language

    @property
    def telegram(self) -> Telegram:
        """The app around the page."""
        assert self._telegram is not None, "this window is an ordinary browser"
        return self._telegram

    # --- Finding -------------------------------------------------------------------------------------------

    def words(self, key: str) -> str:
        """Return a pattern of what people read here."""
        russian, english = WORDS[key]
        return russian if self.language == "ru" else english

    def button(self, key: str, name: str = "") -> Locator:
        """Find a button of the page; `name` is what of, such as a product."""
        return self.page.get_by_role("button", name=self._pattern(key, name))

    def link(self, key: str, name: str = "") -> Locator:
        """Find a link of the page."""
        return self.page.get_by_role("link", name=self._pattern(key, name))

    def product(self, name: str) -> Locator:
        """Find the link to a product in the catalog."""
        return self.page.get_by_role("link", name=name)

    def field(self, key: str) -> Locator:
        """Find something to be typed into."""
        return self.page.get_by_label(self._pattern(key)).and_(self.page.locator("input, textarea, select"))

    def heading(self, name: str | re.Pattern[str]) -> Locator:
        """Find the heading of the page."""
        return self.page.get_by_role("heading", name=name)

    def says(self, pattern: str) -> None:
        """Wait until the page says something."""
        any_space = pattern.replace(" ", r"\s")  # numbers have narrow ones, and ones that do not break
        expect(self.page.get_by_text(re.compile(any_space, re.IGNORECASE)).first).to_be_visible()

    def _pattern(self, key: str, name: str = "") -> re.Pattern[str]:
        return re.compile(f"^{self.words(key)}.*{re.escape(name)}", re.IGNORECASE)

    # --- Going ---------------------------------------------------------------------------------------------

    def press(self, key: str, taps: int = 1) -> None:
        """Press the button that leads on: Telegram's, or the page's own where there is no Telegram.

        Several taps come faster than the page can be drawn again.
        """
        if self._telegram:
            self._telegram.press_main_button(self.words(key), taps)
            return
        button = self.button(key)
        expect(button).to_be_enabled()
        button.evaluate("(button, taps) => { for (let tap = 0; tap < taps; tap += 1) button.click(); }", taps)

    def enter(self, wait_until: Literal["commit", "load"] = "load") -> None:
        """Open the shop in a window that was opened at `/health`, for the test to prepare it."""
        self.page.goto(self.page.url.replace("/health", "/"), wait_until=wait_until)

    def back(self) -> None:
        """Go back: with Telegram's arrow, or with the page's own."""
        if self._telegram:
            self._telegram.press_back_button()
        else:
            self.button("back").click()

    def reload(self) -> None:
        """Load the page again, as pulling it down does."""
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
        """Go on shopping after an order."""
        self.press("catalog")
        expect(self.field("search")).to_be_visible()

    def to_my_orders(self) -> None:
        """Open the list of orders."""
        self.link("orders").first.click()
        expect(self.page.get_by_role("heading", level=1, name=self._pattern("orders"))).to_be_visible()

    def come_to_checkout(self) -> None:
        """Come to the checkout from where the shop has led."""
        if not self.field("phone").is_visible():
            self.to_checkout()

    def without_telegrams_buttons(self) -> "Storefront":
        """Return the same window, seen as one in which the page has to bring its own buttons."""
        return Storefront(self.page, None, self.language)

    # --- Buying --------------------------------------------------------------------------------------------

    def add(self, name: str, pieces: int = 1) -> None:
        """Put a product of the catalog into the cart."""
        self.button("add", name).click()
        for _ in range(pieces - 1):
            self.button("more", name).click()

    def fill(self, **texts: str) -> None:
        """Type into fields of the checkout."""
        for key, text in texts.items():
            self.field(key).fill(text)

    def has_filled(self, **texts: str) -> None:
        """Wait until fields of the checkout have these texts."""
        for key, text in texts.items():
            expect(self.field(key)).to_have_value(text)

    def ready_to_order(self, product: str = "Иван-чай", pieces: int = 1, **texts: str) -> None:
        """Come to the checkout with a product in the cart and all that is needed typed in."""
        self.add(product, pieces)
        self.to_cart()
        self.to_checkout()
        self.fill(**{"name": "Анна", "phone": "+7 912 345-67-89", "address": "Вологда, Мира 1"} | texts)

    def place_order(self, taps: int = 1) -> None:
        """Order."""
        self.press("place", taps)

    def order_number(self) -> int:
        """Return the number of the order, as soon as the page says that it was taken."""
        said = self.heading(re.compile(self.words("placed")))
        expect(said).to_be_visible()
        match = re.search(self.words("placed"), said.inner_text())
        assert match
        return int(match[1])
