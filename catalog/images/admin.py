"""Base class of admin pages with uploaded pictures."""

from typing import ClassVar

from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.forms import store_upload
from catalog.images.urls import thumbnail
from shop.admin.pages import ShopAdmin


class UploadingAdmin(ShopAdmin):
    """Admin page whose form has fields of uploaded pictures (catalog.forms.UploadsField)."""

    upload_fields: ClassVar[tuple[str, ...]] = ("uploads",)

    def prepare_save(self, request: HttpRequest, object_id: str | None) -> None:
        """Store the uploaded pictures of a valid form: decoding takes seconds, and the storage may be a server."""
        if not request.FILES:
            return
        row = self.get_object(request, unquote(object_id)) if object_id else None
        if object_id and not row:
            return
        # A form that is invalid here is answered by the save itself.
        if not (self.has_change_permission(request, row) if row else self.has_add_permission(request)):
            return
        fields = flatten_fieldsets(self.get_fieldsets(request, row))
        form_class = self.get_form(request, row, change=bool(row), fields=fields)
        form = form_class(request.POST, request.FILES, instance=row)
        if form.is_valid():
            for name in self.upload_fields:
                for file in request.FILES.getlist(name):
                    store_upload(file)


def preview(image: str, size: int) -> SafeString:
    """Return a small picture, `size` pixels a side."""
    address = image if "://" in image else default_storage.url(thumbnail(image) or image)
    return format_html(
        '<img src="{0}" alt="" loading="lazy" width="{1}" height="{1}"'
        ' class="rounded-default object-cover inline-block"'
        ' style="width:{1}px;height:{1}px;min-width:{1}px;max-width:none">',
        address,
        size,
    )
