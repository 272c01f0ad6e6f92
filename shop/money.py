"""Formatting of amounts of money."""

from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency
from django.conf import settings
from django.utils.translation import get_language


def money(amount: Decimal, currency: str) -> str:
    """Format an amount in the active language, such as `1 990,00 ₽`."""
    return _money(amount, currency, get_language() or settings.LANGUAGE_CODE)


# On a sale day the same prices are formatted repeatedly, and each takes longer than the rest of its line.
@lru_cache(maxsize=4096)
def _money(amount: Decimal, currency: str, language: str) -> str:
    return str(format_currency(amount, currency, locale=Locale.parse(language)))
