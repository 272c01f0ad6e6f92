"""Form fields of the catalogue's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from catalog.models import Product, validate_images


class ImagesField(forms.CharField):
    """A list of pictures, one to a line."""

    widget = UnfoldAdminTextareaWidget

    def prepare_value(self, value: Any) -> Any:
        """Write a list line by line."""
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Read lines into a list."""
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare lists, not texts."""
        return bool((initial or []) != self.to_python(data))


class ProductForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A product, its pictures line by line."""

    images = ImagesField(
        label=_("Pictures"),
        required=False,
        validators=[validate_images],
        help_text=_("One to a line: a web address, or a path below the media folder. The first one is the cover."),
    )

    class Meta:
        model = Product
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets say which
