"""OpenAPI file: its view and post-processing."""

import threading
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from shop.api.parameters import KnownParameters
from shop.api.schema import COMPONENTS

Json = dict[str, Any]

_generating = threading.Lock()


class SchemaView(KnownParameters, SpectacularJSONAPIView):
    """View of the OpenAPI file, generated once per process: it takes 100 ms, and fails in two threads at once."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """Return the file, which is independent of the request."""
        with _generating:
            return Response(_document())


@cache
def _document() -> Json:
    # Cached for all clients, so not in the language of the first request.
    with override(settings.LANGUAGE_CODE):
        document: Json = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    return document


def finish(result: Json, generator: object, request: object, public: bool) -> Json:
    """Postprocessing hook: paths without the optional slash, and the components that no serializer describes."""
    result["components"]["schemas"] |= COMPONENTS
    result["paths"] = {path.removesuffix("?").rstrip("/"): methods for path, methods in result["paths"].items()}
    return result
