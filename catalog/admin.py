"""The catalog in the back office."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import action

from catalog.forms import (
    CategoryForm,
    ProductForm,
    VariantForm,
    VariantFormSet,
    VariantPageForm,
    VariantRowForm,
    save_variant,
)
from catalog.images.admin import UploadingAdmin, preview
from catalog.models import Category, FailedSearch, Product, StockMovement, Synonym, Variant
from catalog.options import CHANGED, make_variants
from catalog.options_form import OptionsForm
from shop.admin.inlines import RecordInline
from shop.admin.pages import RecordAdmin, ShopAdmin, lock, retry


@admin.register(Category)
class CategoryAdmin(UploadingAdmin):
    """Pages of categories: names, tree, order, pictures."""

    form = CategoryForm
    upload_fields = ("upload",)
    list_display = ["name", "parent", "position", "is_active", "product_count"]
    list_editable = ["position", "is_active"]
    list_select_related = ["parent"]
    list_filter = ["is_active"]
    search_fields = ["name", "slug"]
    ordering = ["position", "id"]
    autocomplete_fields = ["parent"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["picture"]
    fieldsets = [
        (None, {"fields": ["parent", "name", "slug", "description", "position", "is_active"]}),
        (_("Picture"), {"fields": ["image", "upload", "picture"]}),
    ]

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

    @admin.display(description=_("how it looks"))
    def picture(self, category: Category) -> str:
        return preview(category.image, 120) if category.image else "—"


class VariantInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Variants of a product: one row for a product without options."""

    model = Variant
    form = VariantRowForm
    formset = VariantFormSet
    fields = ["option_values", "sku", "price", "old_price", "stock", "weight_g", "is_active", "position"]
    ordering = ["position", "id"]
    extra = 0
    min_num = 1
    validate_min = True
    max_num = 200
    show_change_link = True


@admin.register(Product)
class ProductAdmin(UploadingAdmin):
    """Pages of products, with their variants."""

    form = ProductForm
    list_display = ["cover", "name", "sku", "category", "price", "stock_total", "is_active"]
    list_display_links = ["cover", "name"]
    list_editable = ["is_active"]
    list_select_related = ["category"]
    list_filter = ["is_active", "is_available", "category"]
    search_fields = ["name", "=variants__sku"]
    search_help_text = _("A name, or a whole SKU.")
    ordering = ["-id"]
    autocomplete_fields = ["category"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["pictures", "created_at", "updated_at"]
    inlines = [VariantInline]
    actions_detail = ["options"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "category", "description", "properties", "option_names", "is_active"]}),
        (_("Pictures"), {"fields": ["images", "uploads", "pictures"]}),
        (_("Dates"), {"fields": ["created_at", "updated_at"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        """Sum the stock of the variants in the same query."""
        stock = Variant.objects.filter(product=OuterRef("pk")).values("product").annotate(sum=Sum("stock"))
        queryset: QuerySet[Product] = super().get_queryset(request)
        return queryset.annotate(stock_sum=Subquery(stock.values("sum")))

    @admin.display(description=_("stock"))
    def stock_total(self, product: Any) -> str:
        """Return the stock of all variants; a dash if none is counted."""
        return "—" if product.stock_sum is None else str(product.stock_sum)

    def _lock(self, request: HttpRequest, object_id: str | None) -> None:
        # Variants before their product, like an order that takes the last pieces.
        if request.method == "POST" and object_id is not None and unquote(object_id).isdecimal():
            lock(Variant.objects.filter(product=int(unquote(object_id))))
        super()._lock(request, object_id)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the variants, and report stock that changed while the page was open."""
        formset.actor_id = request.user.pk
        super().save_formset(request, form, formset, change)
        for note in (note for row in formset.forms for note in row.notes):
            self.message_user(request, note)

    def has_make_variants_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request) and request.user.has_perm("catalog.add_variant")

    @action(  # type: ignore[untyped-decorator]
        description=_("Options…"), url_path="options", permissions=["make_variants"], icon="tune"
    )
    def options(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for options and their values, and make variants of the ticked combinations."""
        product: Product | None = self.get_object(request, unquote(object_id))
        if product is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        form = OptionsForm(
            request.POST if request.method == "POST" else None,
            product=product,
            variants=list(product.variants.order_by("position", "pk")),
        )
        if form.is_overtaken:
            self.message_user(request, CHANGED, messages.ERROR)
            return HttpResponseRedirect(request.path)
        if "_show" in request.POST:
            form.tick_all()
        if form.is_valid() and "_make" in request.POST:
            if form.ticked:
                return retry(partial(self._make_variants, request, product, form))
            form.add_error("ticked", _("Tick at least one combination."))
        context = self.admin_site.each_context(request)
        context |= {"title": _("Options…"), "opts": self.opts, "product": product, "original": product, "form": form}
        return TemplateResponse(request, "admin/options.html", context)

    def _make_variants(self, request: HttpRequest, product: Product, form: OptionsForm) -> HttpResponse:
        seen = form.cleaned_data["seen"]
        try:
            made = make_variants(product_id=product.pk, names=form.names, combinations=form.ticked, seen=seen)
        except ValidationError as error:
            for sentence in error.messages:
                self.message_user(request, sentence, messages.ERROR)
            return HttpResponseRedirect(request.path)
        name = str(Variant._meta.verbose_name)
        self.log_change(request, product, [{"added": {"name": name, "object": str(variant)}} for variant in made])
        self.message_user(request, _("New variants: %(count)s. Write their prices and stock.") % {"count": len(made)})
        return HttpResponseRedirect(reverse("admin:catalog_product_change", args=[product.pk]))

    @admin.display(description="")
    def cover(self, product: Product) -> str:
        """Show the first picture, small."""
        return preview(product.images[0], 40) if product.images else "—"

    @admin.display(description=_("how they look"))
    def pictures(self, product: Product) -> str:
        """Show all pictures."""
        return format_html_join(" ", "{}", ((preview(image, 120),) for image in product.images)) or "—"


class MovementInline(RecordInline):
    """Stock ledger of a variant."""

    model = StockMovement
    fields = ["at", "delta", "balance", "reason", "order_id", "actor", "note"]
    readonly_fields = ["at"]
    ordering = ["-id"]
    per_page = 20

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockMovement]:
        """Fetch the actors in the same query."""
        queryset: QuerySet[StockMovement] = super().get_queryset(request)
        return queryset.select_related("actor")


@admin.register(Variant)
class VariantAdmin(ShopAdmin):
    """Prices and stock of all variants, which can be edited in the list."""

    form = VariantPageForm
    list_form = VariantForm
    list_display = ["product", "options", "sku", "price", "old_price", "stock", "is_active"]
    list_editable = ["price", "old_price", "stock", "is_active"]
    list_filter = ["is_active", ("stock", admin.EmptyFieldListFilter), "product__category"]
    search_fields = ["product__name", "=sku"]
    search_help_text = _("A name, or a whole SKU.")
    ordering = ["-id"]
    readonly_fields = ["product", "options"]
    inlines = [MovementInline]
    fieldsets = [
        (None, {"fields": ["product", "options", "sku"]}),
        (_("Offer"), {"fields": ["price", "old_price", "stock", "weight_g", "is_active"]}),
        (_("Pictures"), {"fields": ["images"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Variant]:
        """Fetch the products, whose names stand for their variants, in the same query."""
        queryset: QuerySet[Variant] = super().get_queryset(request)
        return queryset.select_related("product")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Variants are added on the page of their product."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Variant | None = None) -> bool:
        """Variants are deleted on the page of their product."""
        return False

    @admin.display(description=_("options"))
    def options(self, variant: Variant) -> str:
        return "; ".join(variant.option_values) or "—"

    def save_model(self, request: HttpRequest, obj: Variant, form: Any, change: bool) -> None:
        save_variant(form, request.user.pk)


@admin.register(Synonym)
class SynonymAdmin(ShopAdmin):
    """Pages of synonyms."""

    list_display = ["words"]
    search_fields = ["words"]
    ordering = ["words", "id"]


@admin.register(FailedSearch)
class FailedSearchAdmin(RecordAdmin):
    """List of the searches that found nothing, the most frequent first; staff delete what they have dealt with."""

    list_display = ["query", "count", "last_at"]
    list_display_links = None
    search_fields = ["query"]
    ordering = ["-count", "-last_at", "id"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(ShopAdmin.has_delete_permission(self, request, obj))
