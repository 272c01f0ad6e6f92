"""The catalog in the back office."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from catalog.forms import ProductForm, ProductListForm
from catalog.images.admin import UploadingAdmin, preview
from catalog.models import Category, Product
from shop.admin.pages import ShopAdmin, lock


@admin.register(Category)
class CategoryAdmin(ShopAdmin):
    """Pages of categories: names, tree, order."""

    list_display = ["name", "parent", "position", "is_active", "product_count"]
    list_editable = ["position", "is_active"]
    list_select_related = ["parent"]
    list_filter = ["is_active"]
    search_fields = ["name", "slug"]
    ordering = ["position", "id"]
    autocomplete_fields = ["parent"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        """Count the products in the same query."""
        queryset: QuerySet[Category] = super().get_queryset(request)
        return queryset.annotate(product_total=Count("products"))

    def _lock(self, request: HttpRequest, object_id: str | None) -> None:
        # All rows are locked: two members of staff could otherwise move two categories below each other.
        if request.method == "POST" and object_id is not None:
            lock(Category.objects.all())

    @admin.display(description=_("products"), ordering="product_total")
    def product_count(self, category: Any) -> int:
        """Return the number counted above."""
        return int(category.product_total)


@admin.register(Product)
class ProductAdmin(UploadingAdmin):
    """Pages of products; price, stock and visibility can be edited in the list."""

    form = ProductForm
    list_form = ProductListForm
    list_display = ["cover", "name", "sku", "category", "price", "old_price", "stock", "is_active"]
    list_display_links = ["cover", "name"]
    list_editable = ["price", "old_price", "stock", "is_active"]
    list_select_related = ["category"]
    list_filter = ["is_active", "category", ("stock", admin.EmptyFieldListFilter)]
    search_fields = ["name", "=sku"]
    search_help_text = _("A name, or a whole SKU.")
    ordering = ["-id"]
    autocomplete_fields = ["category"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["pictures", "created_at", "updated_at"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "sku", "category", "description"]}),
        (_("Offer"), {"fields": ["price", "old_price", "stock", "is_active"]}),
        (_("Pictures"), {"fields": ["images", "uploads", "pictures"]}),
        (_("Dates"), {"fields": ["created_at", "updated_at"]}),
    ]

    @admin.display(description="")
    def cover(self, product: Product) -> str:
        """Show the first picture, small."""
        return preview(product.images[0], 40) if product.images else "—"

    @admin.display(description=_("how they look"))
    def pictures(self, product: Product) -> str:
        """Show all pictures."""
        return format_html_join(" ", "{}", ((preview(image, 120),) for image in product.images)) or "—"
