"""OpenAPI schemas of problems: one for each code, with its data."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers


class ConstantField(serializers.CharField):
    """Text field of a response with one possible value."""

    def __init__(self, value: str, **kwargs: Any) -> None:
        self.value = value
        super().__init__(**kwargs)


class ConstantFieldSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # drf-spectacular's base has no types
    """OpenAPI schema of a ConstantField."""

    target_class = ConstantField

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """Return the schema."""
        return {"type": "string", "const": self.target.value}


class ProblemSerializer(serializers.Serializer[Any]):
    """An error (RFC 9457), without its `code`; `title` and `detail` are for people."""

    type = ConstantField("about:blank")
    title = serializers.CharField()
    status = serializers.IntegerField(min_value=400, max_value=599)
    detail = serializers.CharField()


class ErrorsField(serializers.DictField):
    """Tree of the wrong fields of a request."""


class ErrorsFieldSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # drf-spectacular's base has no types
    """OpenAPI schema of an ErrorsField: the components of COMPONENTS."""

    target_class = ErrorsField

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """Return the schema."""
        return {"$ref": "#/components/schemas/Errors"}


# Components of the document that no serializer describes: none can contain itself.
COMPONENTS: dict[str, dict[str, Any]] = {
    "Errors": {
        "type": "object",
        "description": (
            "Errors by the name of the field or parameter; of an object or a list, in turn by the name or the "
            "number of what is in it. `non_field_errors` has those of the object as a whole."
        ),
        "additionalProperties": {
            "oneOf": [
                {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/FieldError"}},
                {"$ref": "#/components/schemas/Errors"},
            ]
        },
    },
    "FieldError": {
        "type": "object",
        "required": ["code", "message"],
        "properties": {
            "code": {"type": "string", "description": "Stable, such as `required`, `max_length` or `unknown`."},
            "message": {"type": "string", "description": "For people."},
        },
    },
}


class InvalidProblemSerializer(ProblemSerializer):
    """Some values of the request are wrong, or some of its names unknown."""

    code = ConstantField("invalid")
    errors = ErrorsField()  # type: ignore[assignment]  # the name is part of the contract


@cache
def _without_data(code: str) -> type[ProblemSerializer]:
    """Return the serializer of a problem that has no members besides those of all problems."""
    name = code.title().replace("_", "")
    members = {"__doc__": f"The problem `{code}`.", "code": ConstantField(code)}
    return type(f"{name}ProblemSerializer", (ProblemSerializer,), members)


class ProblemAnswer(OpenApiResponse):
    """OpenAPI description of an error response."""

    def __init__(self, description: str, problems: Iterable[type[ProblemSerializer]]) -> None:
        self.problems = {_code_of(problem): problem for problem in problems}
        self.reason = description
        codes = ", ".join(f"`{code}`" for code in self.problems)
        super().__init__(next(iter(self.problems.values())), description=f"{description} Codes: {codes}.")

    def __or__(self, other: "ProblemAnswer") -> "ProblemAnswer":
        """Return the answer with the codes of both; the description is the first one's."""
        return ProblemAnswer(self.reason, (self.problems | other.problems).values())


def _code_of(problem: type[ProblemSerializer]) -> str:
    field = problem().fields["code"]
    assert isinstance(field, ConstantField), problem  # noqa: S101 - a mistake in the description
    return field.value


def link(operation: str, body: Any = None, **parameters: str) -> dict[str, Any]:
    """Return an OpenAPI link: how to call another operation with what this one got and answered.

    The views declare links by status and name, in the extension `x-links`.

    :param operation: the operationId.
    :param parameters: runtime expressions, such as `$response.body#/id`.
    """
    asked = {"parameters": parameters} if parameters else {"requestBody": body}
    return {"operationId": operation, **asked}


def problem_answer(description: str, *problems: str | type[ProblemSerializer]) -> ProblemAnswer:
    """Return the OpenAPI description of an error response.

    :param problems: codes; for one that has data in its body, a serializer with a ConstantField `code`.
    """
    return ProblemAnswer(
        description,
        (
            InvalidProblemSerializer
            if problem == "invalid"
            else _without_data(problem)
            if isinstance(problem, str)
            else problem
            for problem in problems
        ),
    )
