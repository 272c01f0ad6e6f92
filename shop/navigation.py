"""The admin's side bar. Like `shop.urls` it knows all apps."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from orders.models import Notification


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """List the groups of links; undelivered notifications are counted where nobody can overlook them."""
    return [
        {
            "title": _("Shop"),
            "items": [
                _link(_("Orders"), "shopping_cart", "orders", "order"),
                _link(_("Notifications"), "notifications", "orders", "notification") | _undelivered_badge(),
                _link(_("Products"), "inventory_2", "catalog", "product"),
                _link(_("Categories"), "category", "catalog", "category"),
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


def _undelivered_badge() -> dict[str, str]:
    undelivered = Notification.objects.undelivered().count()
    return {"badge": str(undelivered), "badge_variant": "danger"} if undelivered else {}


def _link(title: Any, icon: str, app: str, model: str) -> dict[str, Any]:
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{model}_changelist"),
        "permission": lambda request: _may_see(request, app, model),
    }


def _may_see(request: HttpRequest, app: str, model: str) -> bool:
    # The page's own rule: that of groups is stricter than the permissions.
    return bool(admin.site.get_model_admin(apps.get_model(app, model)).has_view_permission(request))
