"""Admin pages of delivery methods and pick-up points."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from delivery.forms import DeliveryMethodForm
from delivery.models import DeliveryMethod, PickupPoint
from shop.admin.history import HistoryAdmin


@admin.register(DeliveryMethod)
class DeliveryMethodAdmin(HistoryAdmin):
    """Delivery methods: what they cost, where they go, what customers choose."""

    form = DeliveryMethodForm
    list_display = ["name", "kind", "price", "free_from", "min_total", "is_active", "position"]
    list_editable = ["price", "free_from", "is_active", "position"]
    ordering = ["position", "id"]
    fieldsets = [
        (None, {"fields": [("kind", "name"), "description", ("is_active", "position")]}),
        (
            _("Price"),
            {
                "fields": [("price", "free_from"), "min_total", ("per_kg", "included_g"), "max_weight_g"],
                "description": _("“Free from” and the minimum count the products after discounts."),
            },
        ),
        (_("Where and when"), {"fields": ["places", "first_day", "slots"]}),
    ]


@admin.register(PickupPoint)
class PickupPointAdmin(HistoryAdmin):
    """Pick-up points of the shop."""

    list_display = ["name", "town", "address", "method", "is_active", "position"]
    list_editable = ["is_active", "position"]
    list_select_related = ["method"]
    list_filter = ["town"]
    ordering = ["town", "position", "id"]
    fields = [
        "method",
        ("name", "town"),
        "address",
        ("hours", "phone"),
        ("latitude", "longitude"),
        ("is_active", "position"),
    ]
