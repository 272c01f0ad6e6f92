"""Texts of the storefront, read from the scripts' own files, so that the page and its scripts say the same."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FOLDER = Path(__file__).resolve().parent / "static" / "storefront" / "i18n"


@cache
def texts(language: str) -> dict[str, Any]:
    """Return the texts of a language by key; one with a number in it is a dictionary of plural forms."""
    code = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    _, _, literal = (FOLDER / f"{code}.js").read_text(encoding="utf-8").partition("export default")
    read: dict[str, Any] = json.loads(literal.strip().removesuffix(";"))
    return read
