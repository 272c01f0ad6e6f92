"""What the API tells of the shop: the part of GET /api/v1/shop that the merchant decides."""

import json
from typing import Any

from django.conf import settings

from catalog.images.urls import absolute_urls
from merchant.current import Shop
from merchant.models import Page, ShopSettings


def merchant_facts(shop: Shop, root: str) -> dict[str, Any]:
    """Return the facts as plain values.

    :param root: the address of the shop, for pictures (catalog.images.urls.site_root).
    """
    row = shop.settings
    return {
        "name": row.name,
        "logo": _picture(row.logo, root),
        "accent": row.accent or None,
        "banner": _banner(row, root),
        "contacts": {
            "phone": row.phone,
            "telegram_username": row.telegram_username,
            "email": row.email,
            "address": row.address,
        },
        "time_zone": settings.TIME_ZONE,
        "hours": [
            {"day": day, "opens": opens and f"{opens:%H:%M}", "closes": closes and f"{closes:%H:%M}"}
            for day, opens, closes in row.hours
        ],
        "min_total": f"{row.min_total:.2f}" if row.min_total else None,
        "accepts_orders": row.accepts_orders,
        "notice": row.notice,
        "pages": [
            {
                "slug": page.slug,
                "title": page.title,
                "version": page.version,
                "needs_consent": page.slug in Page.WITH_CONSENT,
            }
            for page in shop.pages
        ],
    }


def _banner(row: ShopSettings, root: str) -> dict[str, Any] | None:
    if not row.banner_text and not row.banner_picture:
        return None
    return {"image": _picture(row.banner_picture, root), "text": row.banner_text, "link": row.banner_link}


def _picture(image: str, root: str) -> str | None:
    return absolute_urls(json.dumps([image]), root)[0] if image else None
