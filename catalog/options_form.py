"""The page that makes variants from combinations of options."""

import json
from itertools import product as combinations_of
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from catalog.forms import OptionsField
from catalog.models import MAX_OPTIONS, Product, Variant
from catalog.options import MAX_VARIANTS, state_of

PLACES = range(1, MAX_OPTIONS + 1)


class OptionsForm(forms.Form):
    """Options with their values, and once these are written, a tick for each combination."""

    seen = forms.CharField(widget=forms.HiddenInput)
    data: Any  # the stubs know less of a QueryDict than several inputs by one name need

    def __init__(self, data: Any, *, product: Product, variants: list[Variant]) -> None:
        super().__init__(data, initial={"seen": state_of(product, variants)})
        self.product = product
        self.there = [variant.option_values for variant in variants]
        for place in PLACES:
            has_name = place <= len(product.option_names)
            # A product that has options keeps them: its variants have a value for each.
            if product.option_names and not has_name:
                continue
            self.fields[f"name{place}"] = forms.CharField(
                label=_("Option %(number)s") % {"number": place},
                max_length=50,
                required=False,
                disabled=has_name,
                initial=product.option_names[place - 1] if has_name else "",
                widget=UnfoldAdminTextInputWidget(),
            )
            self.fields[f"values{place}"] = OptionsField(
                label=_("Values"),
                initial=list(dict.fromkeys(values[place - 1] for values in self.there)) if has_name else [],
                help_text=_("Separated by semicolons, such as “S; M; L”."),
            )
        self.names: list[str] = []
        self.combinations: list[list[str]] = []
        self.offered: list[tuple[str, str]] = []  # combinations that the product does not have: value and label
        if data is not None:
            self._offer_combinations()

    def _offer_combinations(self) -> None:
        """Add the ticks, if the options are valid; new combinations are ticked until somebody says otherwise."""
        self.fields["ticked"] = forms.MultipleChoiceField(
            label=_("Variants to make"),
            required=False,
            widget=UnfoldAdminCheckboxSelectMultipleWidget,
            error_messages={"invalid_choice": _("The options were changed. Look at the combinations again.")},
        )
        self.offered = [(json.dumps(values, ensure_ascii=False), "; ".join(values)) for values in self._read_options()]
        self.fields["ticked"].choices = self.offered  # type: ignore[attr-defined]

    def _read_options(self) -> list[list[str]]:
        """Return the combinations that the product does not have."""
        values: list[list[str]] = []
        for place in PLACES:
            try:
                name = self._cleaned(f"name{place}")
                listed = list(dict.fromkeys(each.strip() for each in self._cleaned(f"values{place}") or []))
            except ValidationError:
                return []  # the form says why
            if name and listed:
                self.names.append(name)
                values.append(listed)
        self.combinations = [list(each) for each in combinations_of(*values)] if values else []
        return [each for each in self.combinations if each not in self.there][: MAX_VARIANTS + 1]

    def _cleaned(self, name: str) -> Any:
        if name not in self.fields:
            return None
        field = self.fields[name]
        return field.clean(self.get_initial_for_field(field, name) if field.disabled else self[name].data)

    def clean(self) -> dict[str, Any]:
        """Refuse options without values, and more combinations than a product can have.

        :raises ValidationError: if it is one.
        """
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for place in PLACES:
            name, values = cleaned.get(f"name{place}"), cleaned.get(f"values{place}")
            if values and not name:
                self.add_error(f"name{place}", _("Write what is chosen, such as “Size”."))
            if name and f"values{place}" in cleaned and not values:
                self.add_error(f"values{place}", _("Write a value for each option."))
        if len({name.casefold() for name in self.names}) < len(self.names):
            raise ValidationError(_("Write each option once."))
        if not self.names:
            raise ValidationError(_("Write an option and its values."))
        if len(self.combinations) > MAX_VARIANTS:
            raise ValidationError(_("A product has at most %(limit)s variants."), params={"limit": MAX_VARIANTS})
        return cleaned

    @property
    def is_overtaken(self) -> bool:
        """Return whether options or variants were changed since the page was opened."""
        return self.is_bound and self["seen"].data != self.initial["seen"]

    def tick_all(self) -> None:
        """Tick what is offered; to be called before the form is validated."""
        self.data = self.data.copy()
        self.data.setlist("ticked", [value for value, _label in self.offered])

    @property
    def ticked(self) -> list[list[str]]:
        """Return the ticked combinations, in the order of the options."""
        return [json.loads(value) for value, _label in self.offered if value in self.cleaned_data["ticked"]]
