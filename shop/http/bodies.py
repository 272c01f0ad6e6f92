"""Size limits of request bodies outside the API (middleware).

Django reads the body for the CSRF token before the view checks the user: files of any size from anonymous clients would
be written to the disk. The API has its own limits (shop.api.parsers).
"""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from shop.api.parsers import MAX_BODY
from shop.http.middleware import asks_the_api

MAX_UPLOAD = 64 * 1024 * 1024  # bytes; docs/nginx/botshop.conf has the same limit

Middleware = Callable[[HttpRequest], HttpResponse]


def limit_bodies(get_response: Middleware) -> Middleware:
    """Refuse anonymous uploads and bodies above the limit, without reading them."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return _refusal(request) or get_response(request)

    return middleware


def _refusal(request: HttpRequest) -> HttpResponse | None:
    length = _length(request)
    if not length or asks_the_api(request):
        return None
    if request.user.is_active and request.user.is_staff:
        return _too_long(MAX_UPLOAD) if length > MAX_UPLOAD else None
    if request.content_type == "multipart/form-data":
        # Mostly staff whose session has expired.
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    return _too_long(MAX_BODY) if length > MAX_BODY else None


def _length(request: HttpRequest) -> int:
    """Return the Content-Length; without it Django reads no body."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _too_long(limit: int) -> HttpResponse:
    text = _("This is too much at once: at most %(limit)s, please.") % {"limit": filesizeformat(limit)}
    return HttpResponse(text, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, content_type="text/plain; charset=utf-8")
