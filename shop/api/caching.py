"""Who may keep an answer: nobody, unless the view says that it is public."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.http.middleware import asks_the_api


def no_store_by_default(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Forbid to store whatever the API answers, where no view has said otherwise (middleware)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if asks_the_api(request) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    return middleware


class Public(APIView):
    """A view whose answers are the same for all: they may be stored anywhere, and must be asked after each time.

    So a proxy or CDN saves the body, never the question, and shows no old price.
    """

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Mark what went well."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code == HTTPStatus.OK:
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        return response
