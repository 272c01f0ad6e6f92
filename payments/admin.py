"""Admin page of payment methods."""

from django.contrib import admin

from payments.models import PaymentMethod
from shop.admin.history import HistoryAdmin


@admin.register(PaymentMethod)
class PaymentMethodAdmin(HistoryAdmin):
    """Payment methods: names and texts for customers."""

    list_display = ["name", "kind", "is_active", "position"]
    list_editable = ["is_active", "position"]
    ordering = ["position", "id"]
    fields = [("kind", "name"), "text", ("is_active", "position")]
