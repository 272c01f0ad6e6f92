"""Admin pages of the settings and of the shop's pages, each with its history."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.images.admin import UploadingAdmin, preview
from merchant.forms import PageForm, ShopSettingsForm
from merchant.hours import DAYS
from merchant.models import Page, ShopSettings, version_of
from shop.admin.history import HistoryAdmin


class RecordedAdmin(HistoryAdmin):
    """Admin page of rows that are changed, never added or deleted, and whose changes are recorded."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(ShopSettings)
class ShopSettingsAdmin(RecordedAdmin, UploadingAdmin):
    """The page of the settings; the list leads to it, because there is one row."""

    form = ShopSettingsForm
    upload_fields: ClassVar = ("logo_upload", "banner_upload")
    readonly_fields = ["logo_preview", "banner_preview"]
    fieldsets = [
        (None, {"fields": ["name", "accent", "logo", "logo_upload", "logo_preview"]}),
        (_("Orders"), {"fields": ["accepts_orders", "notice", "min_total", "cancel_unconfirmed_after"]}),
        (_("Contacts"), {"fields": [("phone", "telegram_username"), "email", "address"]}),
        (
            _("Opening hours"),
            {
                "fields": [(f"{day}_opens", f"{day}_closes") for day in DAYS],
                "description": _("In the time zone of the shop. Both empty: closed on that day."),
            },
        ),
        (
            _("Banner"),
            {"fields": ["banner_text", "banner_link", "banner_picture", "banner_upload", "banner_preview"]},
        ),
    ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect to the one row."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:merchant_shopsettings_change", args=[1]))

    def response_post_save_change(self, request: HttpRequest, obj: ShopSettings) -> HttpResponse:
        """Stay on the page."""
        return HttpResponseRedirect(request.path)

    @admin.display(description=_("how it looks"))
    def logo_preview(self, row: ShopSettings) -> str:
        return preview(row.logo, 80) if row.logo else "—"

    @admin.display(description=_("how it looks"))
    def banner_preview(self, row: ShopSettings) -> str:
        return preview(row.banner_picture, 120) if row.banner_picture else "—"


@admin.register(Page)
class PageAdmin(RecordedAdmin):
    """Pages of the shop: texts, and whether they are shown."""

    form = PageForm
    list_display = ["__str__", "title", "is_shown", "position", "updated_at"]
    list_editable = ["is_shown", "position"]
    ordering = ["position", "id"]
    fields = ["title", "text", "is_shown", "position", "version"]
    readonly_fields = ["version"]
    history_list_display: ClassVar = ["version"]

    @admin.display(description=_("version"))
    def version(self, row: Any) -> str:
        """Return the version that orders record, of a page or of a row of its history."""
        return version_of(row.title, row.text)
