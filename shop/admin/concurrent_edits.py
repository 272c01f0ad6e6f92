"""Admin forms with optimistic concurrency control: a save writes only the fields that its user changed.

A page is open for minutes and sent back whole. Saved whole, it would undo changes made meanwhile: sold products would
be in stock again. So each page sends the values it showed along with the typed ones (Django's `show_hidden_initial`),
and a save compares three values of each field: shown, typed, and present. The row must be locked before the form is
created; `shop.admin.pages` does so.

The shown values are unsigned: a forged one gives staff no permission that the typed value does not give.
"""

import re
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseModelFormSet
from django.template.defaultfilters import yesno
from django.utils.text import Truncator
from django.utils.translation import gettext as _

Sent = list[str]  # the values of one input, as a browser sends them


class Overtaken(Exception):
    """Another transaction has changed the data that this save was based on; retry it."""


class ConcurrentEditForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Model form that writes the fields its user changed, and refuses fields that were changed by others meanwhile.

    The refusal names both values; the second save of the same form goes through. An input that sends several values
    by several names, such as a split date and time, is not supported.
    """

    data: Any  # the stubs know less of a QueryDict than a form of several inputs by one name needs

    # Numbers that change while the page is open, as stock does: the user's change is added to the present number.
    differences: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes: list[str] = []  # for the user, once the form is saved
        self._refused: set[str] = set()
        model = self.instance._meta
        stored = {field.name for field in [*model.concrete_fields, *model.many_to_many]}
        self._stored = [name for name, field in self.fields.items() if name in stored and not field.disabled]
        # A row that is being added has nothing to compare with.
        self._compared = [] if self.instance.pk is None else self._stored
        for name in self._compared:
            self.fields[name].show_hidden_initial = True

    @cached_property
    def changed_data(self) -> list[str]:
        """List the fields whose typed value differs from the one that the page showed."""
        changed = set(super().changed_data)
        return [name for name in self.fields if self._is_changed(name, name in changed)]

    def _is_changed(self, name: str, by_its_field: bool) -> bool:
        if name not in self._compared:
            return by_its_field
        if not self._is_sent(name):
            return self._typed(name) != self._present(name)
        # Also a value that the field would not take, such as a name from Telegram, is no change if it was shown.
        return by_its_field and self._typed(name) != self._shown(name)

    @property
    def was_edited(self) -> bool:
        """Return whether the user changed a field, also of a row that was deleted."""
        return any(self._typed(name) != self._shown(name) for name in self._stored)

    @property
    def columns(self) -> list[str]:
        """List the columns that a save writes: the changed ones, and those with `auto_now`."""
        changed = [field.name for field in self.instance._meta.concrete_fields if field.name in self._to_write()]
        dates = [field.name for field in self.instance._meta.concrete_fields if getattr(field, "auto_now", False)]
        return changed and [*changed, *dates]

    def _to_write(self) -> set[str]:
        return self.cleaned_data.keys() & set(self._compared)

    def full_clean(self) -> None:
        """Clean the form; a refused form shows the present values of all fields that its user did not change."""
        super().full_clean()
        if self.is_bound and self.errors:
            self.show_present()

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]  # not in the stubs
        for name in self._compared:
            if name in self.changed_data:
                self._compare(name)
            else:
                self._skip(name)

    def _skip(self, name: str) -> None:
        self.errors.pop(name, None)
        self.cleaned_data.pop(name, None)

    def _compare(self, name: str) -> None:
        """Decide what to write of a field that the user changed."""
        shown, present = self._shown(name), self._present(name)
        if shown == present:
            return
        is_known = self._is_known(name)
        if is_known and name in self.differences and name in self.cleaned_data and self._add_difference(name):
            return
        if self._typed(name) == present:
            self._skip(name)  # already changed to the same value
        elif not is_known:
            self._refuse(
                name, _("This page did not say what it showed here. It is “%(now)s” now; save again to change it.")
            )
        elif self._is_selection(name):
            self._refuse(
                name,
                _(
                    "Somebody else has changed this since the page was opened: added “%(added)s”, removed "
                    "“%(removed)s”. Save again to replace it by what is selected here."
                ),
            )
        else:
            self._refuse(
                name,
                _(
                    "Somebody else has changed this since the page was opened: it was “%(shown)s” and is “%(now)s” "
                    "now. Save again to write “%(typed)s”."
                ),
            )

    def _is_sent(self, name: str) -> bool:
        """Return whether the page sent the shown value; an empty selection sends nothing."""
        return self[name].html_initial_name in self.data or self._is_selection(name)

    def _is_known(self, name: str) -> bool:
        """Return whether the shown value is valid for the field."""
        shown = self._shown(name)
        try:
            self.fields[name].to_python(shown if self._is_selection(name) else shown[0])
        except (IndexError, ValidationError):
            return False
        return True

    def _is_selection(self, name: str) -> bool:
        return isinstance(self.fields[name], forms.ModelMultipleChoiceField)

    def _add_difference(self, name: str) -> bool:
        """Add the user's change to the present number; return False if one of the numbers is missing."""
        shown, typed = self.fields[name].to_python(self._shown(name)[0]), self.cleaned_data[name]
        present = self[name].initial
        if typed is None:
            return present is not None and shown is not None  # "no longer counted", for any number
        if shown is None or present is None:
            return False
        result = present + typed - shown
        numbers = {"shown": shown, "now": present, "result": result}
        if result < 0:
            self._refuse(
                name,
                _(
                    "There are %(now)s now; there were %(shown)s when the page was opened. %(less)s cannot be taken "
                    "away. Write how many are to be left."
                ),
                less=shown - typed,
                **numbers,
            )
            return True
        self.cleaned_data[name] = result
        self.notes.append(
            _(
                "%(row)s: “%(field)s” went from %(shown)s to %(now)s while the page was open. With your change "
                "(%(change)s) it is %(result)s."
            )
            % {"row": self.instance, "field": self[name].label, "change": f"{typed - shown:+d}", **numbers}
        )
        return True

    def _refuse(self, name: str, sentence: str, **numbers: int) -> None:
        shown, present, typed = self._shown(name), self._present(name), self._typed(name)
        params = {
            "shown": Truncator(self._told(name, shown)).chars(200),
            "now": self._told(name, present),
            "typed": Truncator(self._told(name, typed)).chars(200),
            "added": self._told(name, [each for each in present if each not in shown]),
            "removed": self._told(name, [each for each in shown if each not in present]),
            **numbers,
        }
        self._refused.add(name)
        self.add_error(name, ValidationError(sentence, "changed_meanwhile", params))

    def show_present(self) -> None:
        """Show the present values instead of those that the page was opened with.

        A field keeps the typed value. It also keeps the shown value, unless it was refused: then the user has been told
        the present value, and the next save compares with that.
        """
        for name in self._compared:
            shown, present = self._shown(name), self._present(name)
            if shown == present or (name in self.changed_data and name not in self._refused):
                continue
            self.data = self.data.copy()
            self.data.setlist(self[name].html_initial_name, present)
            if name not in self.changed_data:
                self.data.setlist(self[name].html_name, present)

    def _shown(self, name: str) -> Sent:
        return _normal(self.data.getlist(self[name].html_initial_name))

    def _typed(self, name: str) -> Sent:
        return self._as_sent(name, self[name].data)

    def _present(self, name: str) -> Sent:
        return self._as_sent(name, self[name].initial)

    def _as_sent(self, name: str, value: Any) -> Sent:
        value = self.fields[name].prepare_value(value)
        values = value if isinstance(value, list | tuple) else [value]
        return _normal(["" if each is None else str(each) for each in values])

    def _told(self, name: str, sent: Sent) -> str:
        """Format a value for the user."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            return ", ".join(map(str, map(field.label_from_instance, self._rows(name, sent)))) or _("nothing")
        text = sent[0] if sent else ""
        return str(yesno(text == "True")) if isinstance(field, forms.BooleanField) else text or _("nothing")

    def _rows(self, name: str, sent: Sent) -> list[Any]:
        """Return the rows of a choice, none if it is invalid."""
        try:
            chosen = self.fields[name].to_python(sent if self._is_selection(name) else sent[0])
        except (IndexError, ValidationError):
            return []
        return list(chosen or []) if self._is_selection(name) else [chosen] if chosen else []


def _normal(values: list[str]) -> Sent:
    """Normalize lines and selections: browsers end each line with CR LF, and the order of ids is arbitrary."""
    return sorted(re.sub(r"\r\n?", "\n", value) for value in values)


class ConcurrentEditFormSet(BaseModelFormSet):  # type: ignore[type-arg]  # generic in the stubs only
    """Formset of a list that is edited in place. One refused row refuses the save, and is named.

    A save writes all rows or none: the page keeps the typed values, and the next save writes all of them.
    """

    @cached_property
    def forms(self) -> list[Any]:
        """List the forms of rows that exist; rows deleted since the list was opened are left out."""
        forms: list[Any] = super().forms
        if not self.is_bound:
            return forms
        self.deleted = [form for form in forms if form.instance.pk is None]
        there = [form for form in forms if form.instance.pk is not None]
        for form in there:
            form.empty_permitted = True  # not cleaned unless edited: that takes queries
        return there

    def clean(self) -> None:
        """Name the rows that cannot be saved.

        :raises ValidationError: if there are any.
        """
        errors, key = [], self.get_queryset().model._meta.pk.name
        # A row that was named before is no longer on the page.
        if deleted := [form[key].data for form in self.deleted if form[key].data and form.was_edited]:
            rows = ", ".join(f"№{key}" for key in deleted)
            errors.append(_("Rows that you changed have been deleted meanwhile: %(rows)s.") % {"rows": rows})
        if refused := [form for form in self.forms if form.errors]:
            rows = ", ".join(str(form.instance) for form in refused)
            errors.append(_("Nothing is saved yet, because of %(rows)s.") % {"rows": rows})
        if errors:
            for form in self.forms:
                form.show_present()
            raise ValidationError(errors)
