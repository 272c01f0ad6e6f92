"""Description of an operation in the OpenAPI file: what drf-spectacular does not know."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from shop.api.caching import Public
from shop.api.fields import NO_NUL
from shop.api.pagination import MAX_ID
from shop.api.problems import CONTENT_TYPE
from shop.api.schema import ProblemAnswer, problem_answer
from shop.api.serializers import RequestSerializer

Json = dict[str, Any]
Direction = Literal["request", "response"]

# What each operation may answer, by status.
ALWAYS = {
    400: problem_answer("The request is wrong.", "invalid", "bad_request", "parse_error"),
    405: problem_answer("Another method than those of this address; `Allow` lists them.", "method_not_allowed"),
    429: problem_answer("Too many requests; `Retry-After` has the seconds to wait.", "throttled"),
    500: problem_answer("An error in the shop; it is in the log.", "server_error"),
    503: problem_answer("The database is unavailable, or a row stayed locked for too long: try again.", "busy"),
}
WITH_A_BODY = {
    400: problem_answer("", "malformed_json"),
    413: problem_answer("The body has more than 65,536 bytes.", "body_too_large"),
    415: problem_answer("The `Content-Type` is not `application/json`.", "unsupported_media_type"),
}
METHODS_WITH_A_BODY = ("POST", "PATCH", "PUT")


def _header(description: str, schema: Json) -> Json:
    return {"description": description, "required": True, "schema": schema}


# A search that finds nothing has none: it is counted each time, and must not be cached.
ETAG = {
    **_header("Version of the response, for `If-None-Match`.", {"type": "string", "pattern": '^"[0-9a-z-]+"$'}),
    "required": False,
}
RETRY_AFTER = _header("Seconds to wait before the next try.", {"type": "integer", "format": "int32", "minimum": 0})
LANGUAGE = _header("Language of `title`, `detail` and `message`.", {"type": "string", "example": "ru"})
HEADERS_OF_PROBLEMS: dict[int, dict[str, Json]] = {
    401: {"WWW-Authenticate": _header("The scheme of `Authorization`.", {"type": "string", "const": "tma"})},
    405: {"Allow": _header("The methods of this address.", {"type": "string", "example": "GET, HEAD"})},
    429: {"Retry-After": RETRY_AFTER},
    503: {"Retry-After": RETRY_AFTER},
}


class OperationSchema(AutoSchema):
    """Description of an operation, with the answers and headers that it has because it is one of this API."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Json | None:
        """Move the links of the view to its responses."""
        operation: Json | None = super().get_operation(*args, **kwargs)
        if operation:
            for status, links in operation.pop("x-links", {}).items():
                operation["responses"][status]["links"] = links
        return operation

    def _get_response_bodies(self, direction: Direction = "response") -> Json:
        declared = self.get_response_serializers()
        bodies: Json = super()._get_response_bodies(direction)
        for status, answer in self._problems(declared if isinstance(declared, dict) else {}).items():
            bodies[str(status)] = self._body_of(status, answer)
        if isinstance(self.view, Public):
            bodies["200"]["headers"] = bodies["200"].get("headers", {}) | {"ETag": ETAG}
            bodies["304"] = {"description": "Nothing has changed.", "headers": {"ETag": ETAG}}
        return dict(sorted(bodies.items()))

    def _problems(self, declared: dict[int, Any]) -> dict[int, ProblemAnswer]:
        problems = {status: answer for status, answer in declared.items() if isinstance(answer, ProblemAnswer)}
        for answers in (ALWAYS, WITH_A_BODY) if self.method in METHODS_WITH_A_BODY else (ALWAYS,):
            for status, answer in answers.items():
                problems[status] = problems[status] | answer if status in problems else answer
        return problems

    def _body_of(self, status: int, answer: ProblemAnswer) -> Json:
        refs = {code: self.resolve_serializer(problem, "response").ref for code, problem in answer.problems.items()}
        schema: Json = next(iter(refs.values()))
        if len(refs) > 1:
            mapping = {code: ref["$ref"] for code, ref in refs.items()}
            schema = {"oneOf": [*refs.values()], "discriminator": {"propertyName": "code", "mapping": mapping}}
        return {
            "description": answer.description,
            "headers": {"Content-Language": LANGUAGE} | HEADERS_OF_PROBLEMS.get(status, {}),
            "content": {CONTENT_TYPE: {"schema": schema}},
        }

    def _resolve_path_parameters(self, variables: list[str]) -> list[Json]:
        parameters: list[Json] = super()._resolve_path_parameters(variables)  # type: ignore[no-untyped-call]
        for parameter in parameters:
            # The pattern of an id (lookup_value_regex): drf-spectacular makes a text of it.
            if parameter["schema"].get("pattern") in ("^[0-9]{1,18}$", "^[1-9][0-9]{0,17}$"):
                parameter["description"] = "Id, as in the lists."
                parameter["schema"] = {"type": "integer", "format": "int64", "minimum": 1, "maximum": 10**18 - 1}
        return parameters

    def _map_serializer(self, serializer: Any, direction: str, bypass_extensions: bool = False) -> Json:
        schema: Json = super()._map_serializer(serializer, direction, bypass_extensions)  # type: ignore[no-untyped-call]
        if isinstance(serializer, RequestSerializer):
            schema["additionalProperties"] = False
            if serializer.exactly_one_of:
                schema["oneOf"] = [{"required": [name]} for name in serializer.exactly_one_of]
            # Texts with a pattern have it by now; those that may be empty, too, are two schemas.
            for field in schema["properties"].values():
                for text in field.get("oneOf", [field]):
                    if text.get("type") == "string":
                        text.setdefault("pattern", NO_NUL)
        return schema

    def _map_serializer_field(self, field: Any, direction: str, bypass_extensions: bool = False) -> Json:
        schema: Json = super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]
        if isinstance(field, serializers.ListSerializer):
            most = getattr(field, "max_length", None)  # the stubs lack it
            limits = {"minItems": None if field.allow_empty else 1, "maxItems": most}
            schema |= {name: limit for name, limit in limits.items() if limit is not None}
        if isinstance(field, serializers.IntegerField):
            schema.setdefault("format", "int64" if schema.get("maximum", MAX_ID) >= 2**31 else "int32")
        return schema
