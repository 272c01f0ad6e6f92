"""Base classes of the rows of other models on an admin page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from unfold.admin import TabularInline


class RecordInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Read-only rows below another row."""

    extra = 0
    can_delete = False
    show_change_link = False
    hide_title = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ConcurrentInlineFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # generic in the stubs only
    """Formset of the rows below another row; its form is a ConcurrentEditForm. The rows must be locked."""

    @property
    def _rows(self) -> list[Any]:
        """List the forms of the rows that the page showed."""
        return list(self.forms[: self.initial_form_count()])

    @property
    def kept(self) -> list[Any]:
        """List the forms of the rows that exist, and of new ones that were filled in."""
        new = self.forms[self.initial_form_count() :]
        return [form for form in self._rows if form.instance.pk] + [form for form in new if form.has_changed()]

    @property
    def added_meanwhile(self) -> list[Any]:
        """List the rows that the page did not show."""
        shown = {form.instance.pk for form in self._rows}
        return [row for row in self.get_queryset() if row.pk not in shown]

    def full_clean(self) -> None:
        """Clean the forms, except for those that were not edited: that takes queries."""
        if self.is_bound:
            for form in self._rows:
                form.empty_permitted = True
                if form.instance.pk is None and not form.was_edited:
                    form.changed_data = []  # was deleted meanwhile, and is left out
        super().full_clean()

    def clean(self) -> None:
        """Refuse changes of rows that were deleted meanwhile; the save skips those that were not changed.

        :raises ValidationError: if there are any.
        """
        super().clean()
        if any(form.instance.pk is None and form.was_edited for form in self._rows):
            raise ValidationError(_("A row that you changed has been deleted meanwhile. Open the page again."))

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        """Write the columns that the user changed."""
        if form.columns:
            form.instance.save(update_fields=form.columns)
        return form.instance
