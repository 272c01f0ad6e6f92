"""Server-side rendering of the first products: what a customer sees while the scripts are loading.

The scripts draw the same, so that nothing moves when they take over.
"""

from decimal import Decimal
from typing import Any

from babel import Locale
from babel.numbers import format_currency, get_currency_symbol
from django.conf import settings

from storefront.texts import texts

CARDS = 12  # more than any screen shows at once
SOON = 4  # pictures on the first screen of a phone
SIDE = 600  # pixels of a picture whose size is unknown


def first_look(categories: list[dict[str, Any]], products: list[dict[str, Any]], language: str) -> dict[str, Any]:
    """Make what the template shows of the API's answers."""
    return {
        "chips": [category["name"] for category in categories if category["parent_id"] is None],
        "cards": [
            _card(product, language) | {"soon": number < SOON} for number, product in enumerate(products[:CARDS])
        ],
    }


def _card(product: dict[str, Any], language: str) -> dict[str, Any]:
    price, old_price = Decimal(product["price"]), product["old_price"] and Decimal(product["old_price"])
    shown = money(price, language)
    picture = product["pictures"][0] if product["pictures"] else None
    return {
        "name": product["name"],
        "image": picture and (picture["thumbnail"] or picture["url"]),
        "width": (picture and picture["width"]) or SIDE,
        "height": (picture and picture["height"]) or SIDE,
        "in_stock": product["in_stock"],
        "price": shown if product["price_max"] == product["price"] else texts(language)["from"].format(price=shown),
        "old_price": old_price and money(old_price, language),
        "percent": int((1 - price / old_price) * 100) if old_price else 0,
    }


def money(amount: Decimal, language: str) -> str:
    """Write an amount as the scripts do: no hundredths where there are none."""
    pattern: str = Locale.parse(language).currency_formats["standard"].pattern
    whole = amount == amount.to_integral_value()
    symbol = get_currency_symbol(settings.CURRENCY, locale="ru")  # "₽" in both languages
    pattern = (pattern.replace(".00", "") if whole else pattern).replace("¤", f"'{symbol}'")
    return format_currency(amount, settings.CURRENCY, pattern, locale=language, currency_digits=not whole)
