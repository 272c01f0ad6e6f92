"""Simulated Telegram app around the page: launch parameters, and the buttons that Telegram draws."""

import json
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from playwright.sync_api import Error, Page

from accounts import init_data
from testing.bot_api import wait_until

FOLDER = Path(__file__).parent
SCRIPT_URL = "https://telegram.org/js/telegram-web-app.js"
# Telegram's script (Bot API 8.0), installed by `npm ci`: tests need no network, and its events are the real ones.
SCRIPT = FOLDER.parent / "node_modules" / "@twa-dev" / "sdk" / "src" / "telegram-web-apps.js"
CLIENT = FOLDER / "telegram_client.js"

# Colours of Telegram for Android.
LIGHT = {
    "bg_color": "#ffffff",
    "text_color": "#000000",
    "hint_color": "#707579",
    "link_color": "#2678b6",
    "button_color": "#2678b6",
    "button_text_color": "#ffffff",
    "secondary_bg_color": "#f0f0f0",
    "header_bg_color": "#ffffff",
    "bottom_bar_bg_color": "#f0f0f0",
    "accent_text_color": "#1c6ea4",
    "section_bg_color": "#ffffff",
    "section_header_text_color": "#1c6ea4",
    "section_separator_color": "#d9d9d9",
    "subtitle_text_color": "#707579",
    "destructive_text_color": "#cc2929",
}
DARK = {
    "bg_color": "#17212b",
    "text_color": "#f5f5f5",
    "hint_color": "#8d9dab",
    "link_color": "#6ab3f3",
    "button_color": "#2a6ea5",
    "button_text_color": "#ffffff",
    "secondary_bg_color": "#232e3c",
    "header_bg_color": "#17212b",
    "bottom_bar_bg_color": "#17212b",
    "accent_text_color": "#6ab2f2",
    "section_bg_color": "#17212b",
    "section_header_text_color": "#6ab3f3",
    "section_separator_color": "#111921",
    "subtitle_text_color": "#8d9dab",
    "destructive_text_color": "#f17a7a",
}
# Before Bot API 6.1 there were only these.
FIRST_COLOURS = ("bg_color", "text_color", "hint_color", "link_color", "button_color", "button_text_color")
OLD_DARK = {name: DARK[name] for name in FIRST_COLOURS}


def sign(*, user: dict[str, Any], start_param: str = "", age: int = 0) -> str:
    """Return init data as Telegram signs it for the shop's bot.

    :param age: seconds since Telegram signed it.
    """
    fields = {"auth_date": str(int(time.time()) - age), "user": json.dumps(user, ensure_ascii=False)}
    if start_param:
        fields["start_param"] = start_param
    return init_data.sign(fields, settings.TELEGRAM_BOT_TOKEN)


def launch_hash(*, data: str, theme: dict[str, str], version: str = "9.1", **more: str) -> str:
    """Return the URL fragment with which Telegram opens a Mini App."""
    parameters = {
        "tgWebAppData": data,
        "tgWebAppVersion": version,
        "tgWebAppPlatform": "android",
        "tgWebAppThemeParams": json.dumps(theme),
    } | more
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())


def signed_contact(*, user_id: int, phone: str) -> str:
    """Return a contact as requestContact returns it: signed like init data."""
    contact = {"user_id": user_id, "phone_number": phone, "first_name": "Анна"}
    return init_data.sign(
        {"contact": json.dumps(contact), "auth_date": str(int(time.time()))}, settings.TELEGRAM_BOT_TOKEN
    )


class Telegram:
    """The app around a page; it is installed before the page's scripts."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def wait_for_main_button(self, text: str) -> None:
        """Wait until the main button can be pressed and its text matches."""
        wait_until(lambda: _can_be_pressed(self._state("main"), text))

    def press_main_button(self, text: str, times: int = 1) -> None:
        """Press the main button as soon as it can be pressed; a double tap is two presses at once."""
        self.wait_for_main_button(text)
        self.page.evaluate("times => telegramClient.press('main', times)", times)

    def wait_for_script(self) -> None:
        """Wait until the page has called Telegram's script."""
        wait_until(lambda: self.asked("web_app_expand"))

    def receive(self, event: str, data: dict[str, Any]) -> None:
        """Send an event of the app to the page."""
        self.page.evaluate("([event, data]) => Telegram.WebView.receiveEvent(event, data)", [event, data])

    def main_button(self) -> dict[str, Any]:
        """Return the state of the main button."""
        return dict(self._state("main"))

    def main_button_text(self) -> str:
        """Return the text of the main button; "" if there is none."""
        return str(self.main_button().get("text", ""))

    def confirm(self) -> None:
        """Press the confirming button of the pop-up."""
        buttons = self.popup()["buttons"]
        self.close_popup(next(each["id"] for each in buttons if each["type"] in {"ok", "destructive", "default"}))

    def wait_for_no_main_button(self) -> None:
        """Wait until the main button is hidden."""
        wait_until(lambda: (button := self._state("main")) and not button["is_visible"])

    def press_back_button(self) -> None:
        """Wait for the back button, and press it."""
        self.wait_for_back_button(there=True)
        self.page.evaluate("telegramClient.press('back', 1)")

    def wait_for_back_button(self, *, there: bool) -> None:
        """Wait until the back button is shown or hidden."""
        wait_until(lambda: (button := self._state("back")) and button["is_visible"] is there)

    def popup(self) -> dict[str, Any]:
        """Wait for a pop-up, and return its parameters."""
        opened: dict[str, Any] = wait_until(lambda: self._state("popup"))
        return opened

    def close_popup(self, button_id: str | None) -> None:
        """Press a button of the pop-up; None closes it without a button."""
        self.popup()
        self.page.evaluate("id => telegramClient.closePopup(id)", button_id)

    def asked(self, event: str) -> list[Any]:
        """List the parameters of an event that the page has sent since it was loaded."""
        return [parameters for name, parameters in self._state("asked") or [] if name == event]

    def _state(self, name: str) -> Any:
        try:
            return self.page.evaluate("name => window.telegramClient?.[name]", name)
        except Error:  # during a navigation
            return None


def _can_be_pressed(button: dict[str, Any] | None, text: str) -> bool:
    return bool(
        button
        and button["is_visible"]
        and button["is_active"]
        and not button["is_progress_visible"]
        and re.search(text.replace(" ", r"\s"), button["text"], re.IGNORECASE)
    )
