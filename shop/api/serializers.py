"""Fast serialization of rows, and validation with shared serializer instances."""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.fields import empty

from shop.api.parameters import unknown_names

T = TypeVar("T")
# Fields whose row values can be written to JSON unchanged.
AS_IT_IS = (serializers.IntegerField, serializers.BooleanField, serializers.CharField, serializers.ChoiceField)


class RequestSerializer(serializers.Serializer[Any]):
    """Serializer of request data, also of an object in it: refuses fields that it does not have."""

    exactly_one_of: ClassVar[tuple[str, ...]] = ()  # fields of which one has to be sent, and no more

    def validate(self, attrs: Any) -> Any:
        """Count the fields of `exactly_one_of`."""
        if self.exactly_one_of and len(attrs.keys() & set(self.exactly_one_of)) != 1:
            names = ", ".join(f"`{name}`" for name in self.exactly_one_of)
            sentence = _("Send one of these: %(names)s.") % {"names": names}
            raise ValidationError({self.exactly_one_of[0]: [ErrorDetail(sentence, code="invalid")]})
        return attrs

    def to_internal_value(self, data: Any) -> Any:
        """Validate the fields, and name the wrong and the unknown ones in one error."""
        unknown = [name for name in data if name not in self.fields] if isinstance(data, Mapping) else []
        if not unknown:
            return super().to_internal_value(data)
        errors: dict[str, Any] = {}
        try:
            super().to_internal_value(data)
        except ValidationError as error:
            errors |= error.detail  # type: ignore[arg-type]  # of a serializer: by field
        raise ValidationError(errors | _unknown_fields(unknown, type(self)))


def _unknown_fields(unknown: list[str], of: type[RequestSerializer]) -> dict[str, list[ErrorDetail]]:
    # Not self.fields, where read() leaves out fields that were not sent.
    return unknown_names(unknown, _("There is no such field."), of().fields)


class NoFields(RequestSerializer):
    """The body of a request that needs none: empty, or an empty object."""


class RowSerializer(serializers.Serializer[T]):
    """Write-only serializer of our own rows.

    DRF copies all fields for each serializer instance, and inspects each field again for each row. Here that is done
    once for each class.
    """

    def to_representation(self, instance: T) -> dict[str, Any]:
        """Serialize one row."""
        return write(type(self), instance)


def write(of: type[RowSerializer[T]], row: T) -> dict[str, Any]:
    """Serialize a row with the fields of a serializer class.

    No serializer is instantiated: DRF counts field instances in an attribute of the base class, and with each change
    of a class Python invalidates its caches of the class and all subclasses.

    :param of: a class with two fields or more.
    """
    names, values_of, writers = _plan(of)
    written = dict(zip(names, values_of(row), strict=True))
    for name, form in writers:
        written[name] = form(written[name])
    return written


Writer = Callable[[Any], Any]


@cache
def _plan(of: type[RowSerializer[Any]]) -> tuple[list[str], Callable[[Any], tuple[Any, ...]], list[tuple[str, Writer]]]:
    """Return the names of all fields of a serializer, a getter of their values, and writers for some of them."""
    fields = of().fields
    writers = [(name, _writer(field)) for name, field in fields.items() if not _is_written_as_it_is(field)]
    return [*fields], attrgetter(*(field.source or name for name, field in fields.items())), writers


def _is_written_as_it_is(field: "serializers.Field[Any, Any, Any, Any]") -> bool:
    return isinstance(getattr(field, "child", field), AS_IT_IS)


def _writer(field: "serializers.Field[Any, Any, Any, Any]") -> Writer:
    if field.allow_null:
        return lambda value: None if value is None else field.to_representation(value)
    return field.to_representation


def read(of: type[RequestSerializer], data: Any) -> Any:
    """Validate request data with a serializer class, and return the validated data.

    Instances are shared: DRF would create a serializer and copy all fields for each request, while validation stores
    nothing in them but the messages of limits, in the language of their first use. They have no fields for what was
    not sent, if it need not be: DRF takes 10 µs to skip such a field.

    :raises rest_framework.exceptions.ValidationError: if a field is wrong.
    """
    sent = data.keys() if isinstance(data, Mapping) else ()  # a list is refused by the serializer
    return _shared(of, get_language(), _optional(of).difference(sent)).run_validation(data)


@cache
def _optional(of: type[RequestSerializer]) -> frozenset[str]:
    """Return the names of the fields that need not be sent, and have no default."""
    return frozenset(name for name, field in of().fields.items() if not field.required and field.default is empty)


@lru_cache(maxsize=256)
def _shared(of: type[RequestSerializer], language: str | None, not_sent: frozenset[str]) -> RequestSerializer:
    serializer = of()
    for name in not_sent:
        del serializer.fields[name]
    return serializer
