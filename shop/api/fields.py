"""Serializer fields with strict JSON types: DRF's own convert "5" and true to 5 and 1."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

# Text fields refuse NUL, which PostgreSQL cannot store.
NO_NUL = r"^[^\u0000]*$"

# Sentences of DRF that have no Russian there, or a poor one: marked here, they get one in this project's translations.
SENTENCES_OF_DRF = (
    gettext_noop('Expected a list of items but got type "{input_type}".'),
    gettext_noop("Not a valid string."),
    gettext_noop("Ensure this field has no more than {max_length} elements."),
    gettext_noop("Ensure that there are no more than {max_decimal_places} decimal places."),
    gettext_noop("Ensure that there are no more than {max_digits} digits in total."),
    gettext_noop("This value does not match the required pattern."),
    gettext_noop("Surrogate characters are not allowed: U+{code_point:X}."),
)


class StrictIntegerField(serializers.IntegerField):
    """Integer field that accepts JSON integers only; 5.0 is one (JSON Schema, section 4.2.3)."""

    def to_internal_value(self, data: Any) -> int:
        """Refuse strings, fractions and booleans, and integers that a float has rounded."""
        if type(data) is float and data.is_integer() and abs(data) < 2**53:
            data = int(data)
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictCharField(serializers.CharField):
    """Text field that accepts JSON strings only."""

    def to_internal_value(self, data: Any) -> str:
        """Refuse numbers."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "format": "date", "maxLength": 10})
class StrictDateField(serializers.DateField):
    """Date field that accepts ISO 8601 only, such as "2026-01-31"."""

    default_error_messages = {"invalid": _('Write a date such as "2026-01-31".')}

    def to_internal_value(self, data: Any) -> date:
        """Refuse everything but a text of ten characters."""
        if not isinstance(data, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", data, re.ASCII):
            self.fail("invalid")
        parsed: date = super().to_internal_value(data)
        return parsed


MONEY = {"type": "string", "pattern": r"^[0-9]{1,10}(\.[0-9]{1,2})?$", "maxLength": 13, "example": "1990.00"}
SIGNED_MONEY = {"type": "string", "pattern": r"^-?[0-9]{1,10}\.[0-9]{2}$", "maxLength": 14, "example": "-100.00"}


@extend_schema_field(MONEY)
class MoneyField(serializers.Field[Decimal, str, str, Any]):
    """Amount of money as a JSON string such as "1990.00", so that no parser converts it to a float."""

    default_error_messages = {"invalid": _('Write an amount as a text with two decimals, such as "1990.00".')}

    def to_internal_value(self, data: Any) -> Decimal:
        """Parse an amount."""
        if not isinstance(data, str) or not re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,2})?", data, re.ASCII):
            self.fail("invalid")
        return Decimal(data).quantize(Decimal("0.01"))

    def to_representation(self, value: Decimal) -> str:
        """Format an amount with two decimals."""
        return f"{value:.2f}"


@extend_schema_field(SIGNED_MONEY)
class SignedMoneyField(MoneyField):
    """Amount of a response that may be below zero."""
