"""What managers read: texts about an event of an order, for Telegram and for e-mail."""

import html as html_entities
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Order, OrderEvent
from orders.statuses import Status
from shop.invisible import JOINERS, lines, one_line
from shop.telegram.bot_api import MAX_TEXT

DIGEST = 30  # lines: with names of MAX_CONTACT characters they stay below MAX_TEXT
MAX_CONTACT = 40


def html(event: OrderEvent) -> str:
    """Write a text with the HTML that Telegram knows, cut to what Telegram takes; the order must have its `lines`.

    Whole lines of the order are left out, and the text says how many: cutting the finished text would tear tags
    and entities apart. The rest of the text is bounded by the lengths of its columns.
    """
    shown = len(event.order.lines)
    while _visible_length(text := _render(event, shown)) > MAX_TEXT:
        shown -= 1
    return text


def digest(events: Sequence[OrderEvent]) -> str:
    """Write one text about up to DIGEST events of orders, a line each, with the HTML that Telegram knows."""
    context = {
        "events": [
            {
                "title": _title(event),
                "contact": Truncator(_contact(event.order)).chars(MAX_CONTACT),
                "total": money(event.order.total, event.order.currency),
                "admin_url": _admin_url(event.order),
            }
            for event in events
        ]
    }
    return render_to_string("telegram/digest.html", context).strip()


def plain(event: OrderEvent) -> tuple[str, str]:
    """Write the subject and the body of an e-mail; the order must have its `lines`."""
    text = _render(event, len(event.order.lines))
    return _title(event), html_entities.unescape(strip_tags(text))


def money(amount: Decimal, currency: str) -> str:
    """Write an amount the way the shop's language does, such as `1 990,00 ₽`."""
    return _money(amount, currency, settings.LANGUAGE_CODE)


# On a sale day the same prices come again and again, and each takes longer than the rest of its line.
@lru_cache(maxsize=4096)
def _money(amount: Decimal, currency: str, language_code: str) -> str:
    return str(format_currency(amount, currency, locale=Locale.parse(language_code)))


def _title(event: OrderEvent) -> str:
    if event.kind == OrderEvent.Kind.PLACED:
        return _("New order №%(number)s") % {"number": event.order_id}
    return _("Order №%(number)s: %(status)s") % {
        "number": event.order_id,
        "status": Status(event.to_status).label,
    }


def _render(event: OrderEvent, shown: int) -> str:
    order = event.order
    text = render_to_string(
        "telegram/order.html",
        {
            "title": _title(event),
            "note": one_line(event.note),
            "order": order,
            "customer": order.user,
            # On one line, so that no customer can write lines of this message.
            "contact": _contact(order),
            "username": _username(order.user),
            "address": one_line(order.address),
            "comment": lines(order.comment),
            "total": money(order.total, order.currency),
            "lines": [
                {
                    "name": one_line(item.name),
                    "sku": one_line(item.sku),
                    "quantity": item.quantity,
                    "total": money(item.total, order.currency),
                }
                for item in order.lines[:shown]
            ],
            "left_out": len(order.lines) - shown,
            "admin_url": _admin_url(order),
        },
    )
    # The template puts each tag on a line of its own; what a tag leaves empty is dropped.
    return "\n".join(line for line in text.splitlines() if line.strip())


def _contact(order: Order) -> str:
    """Name the customer on one line; a name of which nothing is seen is none."""
    names = (one_line(order.contact_name), one_line(str(order.user)))
    return next((name for name in names if name.strip(JOINERS)), order.user.username)


def _username(user: User) -> str:
    """Return a username that can stand in an address, or nothing."""
    return user.telegram_username if re.fullmatch(r"\w+", user.telegram_username, re.ASCII) else ""


def _admin_url(order: Order) -> str:
    return f"{settings.PUBLIC_URL}/admin/orders/order/{order.pk}/change/" if settings.PUBLIC_URL else ""


def _visible_length(text: str) -> int:
    # Telegram counts UTF-16 units at most, and counts after the entities are parsed. What is short enough with its
    # tags need not be parsed: nearly all are.
    with_tags = len(text.encode("utf-16-le")) // 2
    if with_tags <= MAX_TEXT:
        return with_tags
    return len(html_entities.unescape(strip_tags(text)).encode("utf-16-le")) // 2
