"""HTML form parser: the fields that a browser would submit."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client

Fields = dict[str, list[str]]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: Fields = {}
        self._select = ""
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, kind = given.get("name") or "", given.get("type") or "text"
        if tag == "input" and name and kind not in {"submit", "button", "file", "image"}:
            if kind not in {"checkbox", "radio"} or "checked" in given:
                self._add(name, given.get("value") or ("on" if kind == "checkbox" else ""))
        elif tag == "textarea":
            self._textarea = name
            self._add(name, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self._add(self._select, given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # A browser drops the leading newline of the widget, and sends CR LF.
            self.fields[self._textarea][-1] = self.fields[self._textarea][-1].removeprefix("\r\n")
            self._textarea = ""
        if tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.fields[self._textarea][-1] += data.replace("\r\n", "\n").replace("\n", "\r\n")

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value.replace("\r\n", "\n").replace("\n", "\r\n"))


def read_forms(html: str) -> Fields:
    """Return all fields of a page by name, without buttons."""
    reader = _Reader()
    reader.feed(html)
    return reader.fields


class OpenPage:
    """Admin page that is opened now and saved later."""

    def __init__(self, client: Client, path: str) -> None:
        self.client = client
        self.path = path
        self.answer: Any = client.get(path)
        self._read()

    def save(self, **changes: Any) -> Any:
        """Change fields and save; None clears a checkbox. A refused page stays open, with its new values."""
        fields = {name: value for name, value in self.fields.items() if name not in changes}
        given = {name: value for name, value in changes.items() if value is not None}
        self.answer = self.client.post(self.path, {**fields, **given, "_save": "Save"})
        if self.answer.status_code == 200:
            self._read()
        return self.answer

    def _read(self) -> None:
        self.html = self.answer.content.decode()
        self.fields = read_forms(self.html)
        # Fields of the action form of the list, which has its own button.
        for name in ("action", "index", "select_across", "_selected_action", "q"):
            self.fields.pop(name, None)
