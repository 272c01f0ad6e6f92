"""Side bar of the admin. Like `shop.urls`, it names all apps and imports none."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

UNDELIVERED = "notifications.admin.count_undelivered"


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups of links, with a badge for undelivered notifications."""
    return [
        {
            "title": _("Shop"),
            "items": [
                _link(_("Orders"), "shopping_cart", "orders", "order"),
                _link(_("Notifications"), "notifications", "notifications", "notification") | _badge(UNDELIVERED),
                _link(_("Products"), "inventory_2", "catalog", "product"),
                _link(_("Prices and stock"), "sell", "catalog", "variant"),
                _link(_("Categories"), "category", "catalog", "category"),
                _link(_("Delivery"), "local_shipping", "delivery", "deliverymethod"),
                _link(_("Pick-up points"), "storefront", "delivery", "pickuppoint"),
                _link(_("Promotions"), "percent", "promotions", "promotion"),
                _link(_("Payment"), "payments", "payments", "paymentmethod"),
                _link(_("Pages"), "description", "merchant", "page"),
                _link(_("Settings"), "settings", "merchant", "shopsettings"),
                _link(_("Synonyms"), "sync_alt", "catalog", "synonym"),
                _link(_("Searches without results"), "search_off", "catalog", "failedsearch"),
            ],
        },
        {
            "title": _("People"),
            "items": [
                _link(_("Users"), "person", "accounts", "user"),
                _link(_("Groups"), "group", "auth", "group"),
            ],
        },
    ]


def _badge(counter: str) -> dict[str, str]:
    """Return a badge for a count above 0; `counter` is the dotted path of a function that counts."""
    count = import_string(counter)()
    return {"badge": str(count), "badge_variant": "danger"} if count else {}


def _link(title: Any, icon: str, app: str, model: str) -> dict[str, Any]:
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{model}_changelist"),
        "permission": lambda request: _may_see(request, app, model),
    }


def _may_see(request: HttpRequest, app: str, model: str) -> bool:
    # The rule of the page: for groups it is stricter than the permissions.
    return bool(admin.site.get_model_admin(apps.get_model(app, model)).has_view_permission(request))
