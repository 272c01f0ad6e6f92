"""How rows become JSON."""

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from django.utils.translation import get_language
from rest_framework import serializers

T = TypeVar("T")
AnySerializer = serializers.Serializer[Any]
# Fields whose values a row of ours has in the form that JSON takes.
AS_IT_IS = (serializers.IntegerField, serializers.BooleanField, serializers.CharField, serializers.ChoiceField)


class RowSerializer(serializers.Serializer[T]):
    """A serializer that only writes, and only what is in our own rows.

    DRF copies all fields for each serializer it makes, and asks each of them anew what it is for each row. Here
    that is found out once for each class.
    """

    def to_representation(self, instance: T) -> dict[str, Any]:
        """Write one row."""
        return write(type(self), instance)


def write(of: type[RowSerializer[T]], row: T) -> dict[str, Any]:
    """Write a row of ours as that serializer says.

    No serializer is made for it: DRF counts them in an attribute of the class of all fields, and with each change of
    a class Python drops what it has cached of the class and its subclasses.
    """
    return {name: form(get(row)) for name, get, form in _plan(of)}


@cache
def _plan(of: type[RowSerializer[Any]]) -> list[tuple[str, Callable[[Any], Any], Callable[[Any], Any]]]:
    """List (name, how to read it from a row, how to write it) for all fields of a serializer."""
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
    """Check what a client has sent, and return it as that serializer understands it.

    DRF makes a serializer for each request, and copies all fields for it; checking alone keeps nothing in either but
    the sentences of limits, in the language they were first used in. So one serializer for each language will do.

    :raises rest_framework.exceptions.ValidationError: if anything is wrong.
    """
    return _one(of, get_language()).run_validation(data)


@cache
def _one(of: type[AnySerializer], language: str | None) -> AnySerializer:
    return of()
