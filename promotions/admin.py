"""Admin page of promotions."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from promotions.forms import PromotionForm
from promotions.models import Promotion
from shop.admin.history import HistoryAdmin


@admin.register(Promotion)
class PromotionAdmin(HistoryAdmin):
    """Promotions: what they give, to whom, and how often."""

    form = PromotionForm
    list_display = ["name", "code", "kind", "value", "starts_on", "ends_on", "used", "usage_limit", "is_active"]
    list_editable = ["is_active"]
    list_filter = ["is_active", "kind"]
    search_fields = ["name", "code"]
    ordering = ["-id"]
    readonly_fields = ["used"]
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "code", ("kind", "value"), "max_discount", "is_active"],
                "description": _(
                    "An order gets one discount, the better of its promo code and the best one without a code, and free"
                    " delivery if there is any."
                ),
            },
        ),
        (_("Conditions"), {"fields": ["min_total", ("starts_on", "ends_on")]}),
        (_("Limits"), {"fields": [("usage_limit", "used"), "once_per_customer", "first_order_only"]}),
    ]
