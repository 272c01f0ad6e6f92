"""OpenAPI file: view, post-processing, and problem responses."""

import threading
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiResponse, extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from shop.api.parameters import KnownParameters

_generating = threading.Lock()


class SchemaView(KnownParameters, SpectacularJSONAPIView):
    """View of the OpenAPI file, generated once per process: it takes 100 ms, and fails in two threads at once."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """Return the file, which is independent of the request."""
        with _generating:
            return Response(_document())


@cache
def _document() -> dict[str, Any]:
    # Cached for all clients, so not in the language of the first request.
    with override(settings.LANGUAGE_CODE):
        document: dict[str, Any] = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    return document


def drop_optional_slashes(result: dict[str, Any], generator: object, request: object, public: bool) -> dict[str, Any]:
    """Postprocessing hook: paths without the optional slash, and problems with their own media type."""
    result["paths"] = {path.removesuffix("?").rstrip("/"): methods for path, methods in result["paths"].items()}
    for methods in result["paths"].values():
        for operation in methods.values():
            for answer in operation["responses"].values():
                _name_media_type_of_problem(answer)
    return result


def _name_media_type_of_problem(answer: dict[str, Any]) -> None:
    # drf-spectacular takes media types from the renderers, and the exception handler has its own.
    content = answer.get("content", {})
    if content.get("application/json", {}).get("schema") == {"$ref": "#/components/schemas/Problem"}:
        answer["content"] = {"application/problem+json": content["application/json"]}


class ProblemSerializer(serializers.Serializer[Any]):
    """An error (RFC 9457); `code` is stable, `detail` is human-readable."""

    type = serializers.CharField(default="about:blank")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # the name is part of the contract
        required=False, help_text="For `invalid`: a code and a message for each wrong field."
    )


def problem_answer(description: str, *codes: str) -> OpenApiResponse:
    """Return the OpenAPI description of an error response with its codes."""
    return OpenApiResponse(ProblemSerializer, description=f"{description} Codes: {', '.join(f'`{c}`' for c in codes)}.")
