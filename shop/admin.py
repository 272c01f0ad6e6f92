"""What all pages of the back office share."""

from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin


class ShopAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """A page of the back office: wide lists, no count of the whole table, a warning before edits are lost."""

    list_fullwidth = True
    list_filter_submit = False
    list_per_page = 50
    show_full_result_count = False
    compressed_fields = True
    warn_unsaved_form = True


class RecordAdmin(ShopAdmin):
    """A page of rows that the shop writes itself: to be looked at, not to be added, edited or deleted."""

    warn_unsaved_form = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes: these rows are the record."""
        return False
