"""Rules for all admin pages."""

from django.contrib import admin

from shop.admin.concurrent_edits import ConcurrentEditForm
from shop.admin.pages import RecordAdmin, ShopAdmin


def test_every_admin_page_uses_concurrent_edit_forms() -> None:
    for model_admin in admin.site._registry.values():
        assert isinstance(model_admin, ShopAdmin)
        assert issubclass(model_admin.form, ConcurrentEditForm)
        assert issubclass(model_admin.list_form, ConcurrentEditForm)
        # Rows below another row have forms of their own, which compare nothing.
        assert isinstance(model_admin, RecordAdmin) or not model_admin.inlines
