"""Message texts of notifications, for Telegram and e-mail."""

import html as html_entities
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from merchant.current import current
from notifications.models import Notification
from orders.models import Order, OrderEvent
from orders.statuses import Status
from shop.invisible import JOINERS, lines, one_line
from shop.money import money
from shop.telegram.bot_api import MAX_TEXT

DIGESTED = frozenset({"order"})  # templates whose messages may be merged into a digest, which is for managers
DIGEST = 30  # notifications: with names of MAX_CONTACT characters, the text stays below MAX_TEXT
MAX_CONTACT = 40


def html(notification: Notification) -> str:
    """Render a text in Telegram's HTML, within Telegram's length limit; the order must have its `item_list`.

    Whole items are left out, and the text says how many: cutting the rendered text would break tags and entities. The
    rest of the text is limited by the lengths of its columns.
    """
    with _language_of(notification):
        shown = len(notification.event.order.item_list)
        while _visible_length(text := _render(notification, shown)) > MAX_TEXT and shown:
            shown -= 1
        return text


def digest(notifications: Sequence[Notification]) -> str:
    """Render one text about up to DIGEST events, a line each, in Telegram's HTML."""
    with _language_of(notifications[0]):
        events = [
            {
                "title": _title(event),
                "contact": Truncator(_contact(event.order)).chars(MAX_CONTACT),
                "total": money(event.order.total, event.order.currency),
                "admin_url": _admin_url(event.order),
            }
            for event in (notification.event for notification in notifications)
        ]
        return render_to_string("telegram/digest.html", {"events": events, "shop": _shop_name()}).strip()


def plain(notification: Notification) -> tuple[str, str]:
    """Render the subject and the body of an e-mail; the order must have its `item_list`."""
    with _language_of(notification):
        text = _render(notification, len(notification.event.order.item_list))
        return f"{_title(notification.event)} · {_shop_name()}", _as_plain(text)


@contextmanager
def _language_of(notification: Notification) -> Iterator[None]:
    with override(notification.language or settings.LANGUAGE_CODE):
        yield


def _shop_name() -> str:
    return one_line(current().settings.name)


def _title(event: OrderEvent) -> str:
    if event.kind == OrderEvent.Kind.PLACED:
        return _("New order №%(number)s") % {"number": event.order.number}
    if event.kind == OrderEvent.Kind.DELIVERY_AGREED:
        return _("Order №%(number)s: the customer agrees to the delivery price") % {"number": event.order.number}
    return _("Order №%(number)s: %(status)s") % {
        "number": event.order.number,
        "status": Status(event.to_status).label,
    }


def _render(notification: Notification, shown: int) -> str:
    event, order = notification.event, notification.event.order
    text = render_to_string(
        f"telegram/{notification.template}.html",
        {
            "title": _title(event),
            "shop": _shop_name(),
            "note": one_line(event.note),
            "order": order,
            "customer": order.user,
            # On one line, so that a customer cannot forge lines of this message.
            "contact": _contact(order),
            "username": _username(order.user),
            "delivery": one_line(order.delivery_summary),
            "delivery_price_missing": order.delivery_price is None,
            "payment": one_line(order.payment_name),
            "address": one_line(order.address),
            "comment": lines(order.comment),
            "total": money(order.total, order.currency),
            "items": [
                {
                    "title": one_line(item.title),
                    "sku": one_line(item.sku),
                    "quantity": item.quantity,
                    "total": money(item.total, order.currency),
                }
                for item in order.item_list[:shown]
            ],
            "adjustments": [
                {"label": one_line(each.label), "amount": money(each.amount, order.currency)}
                for each in order.adjustment_list
            ],
            "left_out": len(order.item_list) - shown,
            "admin_url": _admin_url(order),
        },
    )
    # The template has each tag on its own line; lines that are empty after rendering are dropped.
    return "\n".join(line for line in text.splitlines() if line.strip())


def _as_plain(text: str) -> str:
    """Convert Telegram's HTML to a plain text, with quoted lines and the addresses of web links."""
    text = re.sub(r"<blockquote>(.*?)</blockquote>", lambda quote: _quoted(quote[1]), text, flags=re.DOTALL)
    text = re.sub(r'<a href="(https?://[^"]*)">(.*?)</a>', r"\2: \1", text)
    return html_entities.unescape(strip_tags(text))


def _quoted(text: str) -> str:
    # Else a comment could look like lines of the shop.
    return "\n".join(f"&gt; {line}" for line in text.splitlines())


def _contact(order: Order) -> str:
    """Return the customer's name on one line; a name without visible characters is ignored."""
    names = (one_line(order.contact_name), one_line(str(order.user)))
    return next((name for name in names if name.strip(JOINERS)), order.user.username)


def _username(user: User) -> str:
    """Return the username if it can be part of a URL, else ""."""
    return user.telegram_username if re.fullmatch(r"\w+", user.telegram_username, re.ASCII) else ""


def _admin_url(order: Order) -> str:
    return f"{settings.PUBLIC_URL}/admin/orders/order/{order.pk}/change/" if settings.PUBLIC_URL else ""


def _visible_length(text: str) -> int:
    # Telegram counts UTF-16 units after parsing tags and entities. A text that is short enough with its tags need not
    # be parsed: nearly all are.
    with_tags = len(text.encode("utf-16-le")) // 2
    if with_tags <= MAX_TEXT:
        return with_tags
    return len(html_entities.unescape(strip_tags(text)).encode("utf-16-le")) // 2
