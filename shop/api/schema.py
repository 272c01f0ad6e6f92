"""Touches to the OpenAPI file."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers


def drop_optional_slashes(result: dict[str, Any], generator: object, request: object, public: bool) -> dict[str, Any]:
    """Show each path once, without the slash that may follow it."""
    result["paths"] = {path.removesuffix("?").rstrip("/"): methods for path, methods in result["paths"].items()}
    return result


class ProblemSerializer(serializers.Serializer[Any]):
    """An error, after RFC 9457; `code` is stable, `detail` is for people."""

    type = serializers.CharField(default="about:blank")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = serializers.DictField(required=False, help_text="For `invalid`: what is wrong, by field.")


def problem_answer(description: str, *codes: str) -> OpenApiResponse:
    """Describe an error answer and the codes it may carry."""
    return OpenApiResponse(ProblemSerializer, description=f"{description} Codes: {', '.join(f'`{c}`' for c in codes)}.")
