"""Forms of the settings and of the pages."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalog.forms import UploadField
from merchant.models import Page, ShopSettings
from shop.admin.concurrent_edits import ConcurrentEditForm, Overtaken
from shop.invisible import lines, one_line


class ShopSettingsForm(ConcurrentEditForm):
    """The settings. An uploaded picture replaces the one that the text field names."""

    logo_upload = UploadField(label=_("Upload a logo"), required=False)
    banner_upload = UploadField(label=_("Upload a picture"), required=False)

    class Meta:
        model = ShopSettings
        fields = "__all__"  # the admin's fieldsets say which

    def clean_name(self) -> str:
        """Remove invisible characters: the name is in titles and messages.

        :raises ValidationError: if nothing else is in it.
        """
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("The shop needs a name."))
        return name

    def clean_telegram_username(self) -> str:
        """Accept the name as people write it, with @."""
        return str(self.cleaned_data["telegram_username"]).removeprefix("@")

    def clean(self) -> dict[str, Any]:
        """Take the uploaded pictures."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for upload, field in (("logo_upload", "logo"), ("banner_upload", "banner_picture")):
            if pictures := cleaned.get(upload):
                cleaned[field] = pictures[-1].name
        return cleaned

    def save(self, commit: bool = True) -> ShopSettings:
        """Save the row; it never names a file that is not there.

        :raises Overtaken: if this form was refused when the files were to be stored, and is valid only now.
        """
        pictures = self.cleaned_data["logo_upload"] + self.cleaned_data["banner_upload"]
        if not all(picture.stored for picture in pictures):
            raise Overtaken
        row: ShopSettings = super().save(commit=commit)
        return row


class PageForm(ConcurrentEditForm):
    """A page's title and text."""

    class Meta:
        model = Page
        fields = "__all__"  # the admin's fieldsets say which

    def clean_title(self) -> str:
        """Remove invisible characters."""
        return one_line(self.cleaned_data["title"])

    def clean_text(self) -> str:
        """Remove invisible characters, and the spaces at the end: the version would change with them."""
        return lines(self.cleaned_data["text"]).strip()
