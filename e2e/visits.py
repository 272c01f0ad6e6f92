"""Visits of customers: windows with the shop, in Telegram or in a browser."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

from e2e import telegram
from e2e.storefront import Storefront
from e2e.telegram import Telegram


class Visits:
    """Windows of one test, all of the same customer, and the errors of their scripts."""

    def __init__(self, browser: Browser, serve: Callable[..., str], user_id: int) -> None:
        self.browser = browser
        self.serve = serve
        self.user_id = user_id
        self.errors: list[str] = []
        self._contexts: list[BrowserContext] = []

    def open(
        self,
        path: str = "/",
        *,
        language: str = "ru",
        in_telegram: bool = True,
        script: bool = True,
        start_param: str = "",
        age: int = 0,
        version: str = "9.1",
        contact: str = "",
        theme: dict[str, str] | None = None,
        size: tuple[int, int] = (390, 844),
        variables: dict[str, str] | None = None,
        within: Storefront | None = None,
        user_id: int = 0,
        **more: Any,
    ) -> Storefront:
        """Open the shop in a new window.

        :param in_telegram: False for a browser without Telegram.
        :param script: False if Telegram's script cannot be loaded.
        :param age: seconds since Telegram signed the init data.
        :param contact: the phone that the customer shares; "" if the customer refuses.
        :param variables: environment variables of the shop.
        :param within: a window whose cookies and local storage the new one shares.
        :param user_id: Telegram id of another customer than that of this test.
        :param more: options of the browser context.
        """
        context = within.page.context if within else self._context(size=size, language=language, script=script, **more)
        page = self._page(context)
        user_id = user_id or self.user_id
        address = f"{self.serve(**variables or {})}{path}"
        theme = theme or telegram.LIGHT
        around = None
        if in_telegram:
            around = Telegram(page)
            page.add_init_script(path=telegram.CLIENT)
            page.add_init_script(f"telegramClient.theme = {theme!r}")
            if contact:
                signed = telegram.signed_contact(user_id=user_id, phone=contact)
                page.add_init_script(f"telegramClient.contact = {signed!r}")
            user = {"id": user_id, "first_name": "Анна", "last_name": "Ким", "language_code": language}
            data = telegram.sign(user=user, start_param=start_param, age=age)
            address += "#" + telegram.launch_hash(data=data, theme=theme, version=version)
            if start_param:
                address += f"&tgWebAppStartParam={start_param}"
        page.goto(address)
        return Storefront(page, around, language)

    def close(self) -> None:
        """Close all windows."""
        for context in self._contexts:
            context.close()

    def _context(self, *, size: tuple[int, int], language: str, script: bool, **more: Any) -> BrowserContext:
        width, height = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale={"ru": "ru-RU", "en": "en-GB"}.get(language, language),
            has_touch=width < 1000,
            **more,
        )
        context.set_default_timeout(15_000)
        self._contexts.append(context)

        def telegram_org(route: Route) -> None:
            if script:
                route.fulfill(path=telegram.SCRIPT, content_type="text/javascript")
            else:
                route.abort()

        context.route(f"{telegram.SCRIPT_URL}*", telegram_org)
        return context

    def _page(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._listen)
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.errors.append(message.text)
