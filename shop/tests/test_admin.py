"""Rules for all admin pages."""

from django.contrib import admin

from shop.admin.concurrent_edits import ConcurrentEditForm
from shop.admin.inlines import ConcurrentInlineFormSet, RecordInline
from shop.admin.pages import ShopAdmin


def test_every_admin_page_uses_concurrent_edit_forms() -> None:
    for model_admin in admin.site._registry.values():
        assert isinstance(model_admin, ShopAdmin)
        assert issubclass(model_admin.form, ConcurrentEditForm)
        assert issubclass(model_admin.list_form, ConcurrentEditForm)
        for inline in model_admin.inlines:
            assert issubclass(inline, RecordInline) or issubclass(inline.formset, ConcurrentInlineFormSet)
            assert issubclass(inline, RecordInline) or issubclass(inline.form, ConcurrentEditForm)
