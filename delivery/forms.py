"""Form of a delivery method."""

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from delivery.models import DeliveryMethod
from shop.admin.concurrent_edits import ConcurrentEditForm


class LinesField(SimpleArrayField):
    """Form field for a list of texts, one on a line."""

    def __init__(self, *, max_length: int, **options: Any) -> None:
        widget = UnfoldAdminTextareaWidget(attrs={"rows": 3})
        super().__init__(forms.CharField(max_length=max_length), delimiter="\n", widget=widget, **options)

    def to_python(self, value: Any) -> Any:
        """Leave out empty lines."""
        if isinstance(value, str):
            value = "\n".join(line.strip() for line in value.splitlines() if line.strip())
        return super().to_python(value)


class DeliveryMethodForm(ConcurrentEditForm):
    """A delivery method, with its lists line by line."""

    places = LinesField(
        label=_("places"),
        required=False,
        max_length=100,
        help_text=_("Towns, or the first digits of postcodes, one on a line. Empty: everywhere."),
    )
    slots = LinesField(
        label=_("times"),
        required=False,
        max_length=50,
        help_text=_("Such as 10:00–14:00, one on a line. Empty: customers choose no time."),
    )

    class Meta:
        model = DeliveryMethod
        fields = "__all__"  # the admin's fieldsets say which
