"""Fast serialization of rows, and validation with shared serializer instances."""

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from django.utils.translation import get_language
from rest_framework import serializers

T = TypeVar("T")
AnySerializer = serializers.Serializer[Any]
# Fields whose row values can be written to JSON unchanged.
AS_IT_IS = (serializers.IntegerField, serializers.BooleanField, serializers.CharField, serializers.ChoiceField)


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
    """
    return {name: form(get(row)) for name, get, form in _plan(of)}


@cache
def _plan(of: type[RowSerializer[Any]]) -> list[tuple[str, Callable[[Any], Any], Callable[[Any], Any]]]:
    """List (name, getter, writer) for all fields of a serializer."""
    return [(name, attrgetter(field.source or name), _writer(field)) for name, field in of().fields.items()]


def _writer(field: "serializers.Field[Any, Any, Any, Any]") -> Callable[[Any], Any]:
    if isinstance(field, AS_IT_IS) or (isinstance(field, serializers.ListField) and isinstance(field.child, AS_IT_IS)):
        return _as_it_is
    if field.allow_null:
        return lambda value: None if value is None else field.to_representation(value)
    return field.to_representation


def _as_it_is(value: Any) -> Any:
    return value


def read(of: type[AnySerializer], data: Any) -> Any:
    """Validate request data with a serializer class, and return the validated data.

    One instance per language is shared: DRF would create a serializer and copy all fields for each request, while
    validation stores nothing in them but the messages of limits, in the language of their first use.

    :raises rest_framework.exceptions.ValidationError: if a field is wrong.
    """
    return _shared(of, get_language()).run_validation(data)


@cache
def _shared(of: type[AnySerializer], language: str | None) -> AnySerializer:
    return of()
