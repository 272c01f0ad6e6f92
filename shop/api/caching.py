"""Cache-Control of API responses: `no-store`, except for public views."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from rest_framework.request import Request
from rest_framework.response import Response

from shop.api.parameters import KnownParameters
from shop.http.middleware import asks_the_api


def no_store_by_default(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that sends `Cache-Control: no-store` where the view has not set the header."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if asks_the_api(request) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    return middleware


class Public(KnownParameters):
    """View whose responses are the same for all clients: any cache may store them, and must revalidate each time.

    So a proxy or CDN saves the transfer of the body, never the request, and shows no old price.
    """

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Set Cache-Control on successful responses that do not have it."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code == HTTPStatus.OK and not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        return response
