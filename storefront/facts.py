"""Facts that a front end needs before it can start: limits, statuses, orderings, each read from where its rule is."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import get_language

from accounts.models import PHONE_PATTERN, validate_phone
from catalog.images import urls as images
from catalog.images.uploads import THUMBNAIL_SIDE
from catalog.listing.parameters import MAX_IDS
from catalog.listing.query import ORDERINGS
from catalog.search.tsquery import MAX_LENGTH as MAX_SEARCH
from merchant.current import current
from merchant.facts import merchant_facts
from orders.placing.limits import OpenOrdersLimit
from orders.serializers import PlaceOrderSerializer
from orders.statuses import CANCELLED_BY_CUSTOMER_FROM, Status
from promotions.pricing import has_codes
from shop.api.pagination import CursorPages

CONTACT_FIELDS = ("contact_name", "phone", "address", "comment")


def shop_facts(root: str) -> dict[str, Any]:
    """Return what GET /api/v1/shop answers and the storefront's page holds, with texts in the active language.

    :param root: the address of the shop, for pictures (catalog.images.urls.site_root).
    """
    bot = settings.TELEGRAM_BOT_USERNAME
    open_orders = OpenOrdersLimit.from_settings()
    return {
        **merchant_facts(current(), root),
        "has_promo_codes": has_codes(),
        "bot_url": f"https://t.me/{bot}" if bot else "",
        "currency": settings.CURRENCY,
        "language": get_language(),
        "languages": [{"code": code, "name": name} for code, name in settings.LANGUAGES],
        "limits": _limits(),
        "open_orders": {
            "orders": open_orders.orders,
            "pieces": open_orders.pieces,
            "total": open_orders.total and f"{open_orders.total:.2f}",
        },
        "phone": {"pattern": PHONE_PATTERN, "message": str(validate_phone.message)},
        "order_statuses": [_status(status) for status in Status],
        "orderings": list(ORDERINGS),
        "page_size": {"default": CursorPages.page_size, "max": CursorPages.max_page_size},
        "thumbnails": {
            "width": THUMBNAIL_SIDE,
            "pattern": images.UPLOADED_PATTERN,
            "suffix": images.THUMBNAIL_SUFFIX,
        },
    }


def _status(status: Status) -> dict[str, Any]:
    return {
        "value": status.value,
        "label": capfirst(str(status.label)),
        "in_timeline": status in Status.timeline(),
        "is_final": not status.may_become,
        "can_be_cancelled": status is CANCELLED_BY_CUSTOMER_FROM,
    }


@cache  # of code alone
def _limits() -> dict[str, int]:
    fields: Any = PlaceOrderSerializer().fields
    return {
        "items": fields["items"].max_length,
        "pieces": fields["items"].child.fields["quantity"].max_value,
        **{name: fields[name].max_length for name in CONTACT_FIELDS},
        "search": MAX_SEARCH,
        "ids": MAX_IDS,
    }
