"""Language of a response by the Accept-Language header (middleware)."""

from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override

MAX_LENGTH = 501  # characters of the header: Django reads 500, and checks whether there are more

Middleware = Callable[[HttpRequest], HttpResponse]


def negotiate(accept_language: str) -> str:
    """Return the language of LANGUAGES that an Accept-Language header selects, LANGUAGE_CODE if it has none."""
    return _negotiate(accept_language[:MAX_LENGTH])


@lru_cache(maxsize=512)  # at most 0.5 MB
def _negotiate(accept_language: str) -> str:
    # A request with only this header: Django would also read the cookies.
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accept_language
    return get_language_from_request(request)


def choose_language(get_response: Middleware) -> Middleware:
    """Activate the language that the client accepts; the admin keeps LANGUAGE_CODE.

    Only errors have translated texts, so only they have Content-Language and `Vary: Accept-Language`.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/admin/"):
            return get_response(request)
        language = negotiate(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
        with override(language):
            response = get_response(request)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            response["Content-Language"] = language
            patch_vary_headers(response, ["Accept-Language"])
        return response

    return middleware
