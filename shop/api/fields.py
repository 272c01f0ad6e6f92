"""Serializer fields that take a JSON type for what it is: DRF's own turn "5", 5.0 and true into 5."""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

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
    """A whole number, written as a number."""

    def to_internal_value(self, data: Any) -> int:
        """Refuse texts, fractions and booleans."""
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictCharField(serializers.CharField):
    """A text, written as a text."""

    def to_internal_value(self, data: Any) -> str:
        """Refuse numbers."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{1,10}(\.[0-9]{1,2})?$", "example": "1990.00"})
class MoneyField(serializers.Field[Decimal, str, str, Any]):
    """An amount on the wire: a text such as "1990.00", so that no parser makes a float of it."""

    default_error_messages = {"invalid": _('Write an amount as a text with two decimals, such as "1990.00".')}

    def to_internal_value(self, data: Any) -> Decimal:
        """Read an amount."""
        if not isinstance(data, str) or not re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,2})?", data, re.ASCII):
            self.fail("invalid")
        return Decimal(data).quantize(Decimal("0.01"))

    def to_representation(self, value: Decimal) -> str:
        """Write an amount with two decimals."""
        return f"{value:.2f}"


@extend_schema_field({"type": "string", "pattern": r"^-?[0-9]{1,10}\.[0-9]{2}$", "example": "-100.00"})
class SignedMoneyField(MoneyField):
    """An amount of the answers that may be below zero."""
