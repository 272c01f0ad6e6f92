"""Content-Security-Policy of the admin and of the API's pages (middleware).

There are three policies: of the storefront (storefront.views), the admin and the API's pages; the rest is JSON. A
library is not worth it: django-csp would add nonces and decorators to write three constants.
"""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Policy = Mapping[str, str]

BACK_OFFICE: Policy = {
    "default-src": "'none'",
    # unfold's Alpine.js compiles the expressions of its attributes ('unsafe-eval'). Inline scripts stay forbidden.
    "script-src": "'self' 'unsafe-eval'",
    # unfold has inline colours, Alpine.js and htmx inline styles.
    "style-src": "'self' 'unsafe-inline'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
API_PAGES: Policy = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


def header(policy: Policy) -> str:
    """Return a policy as the value of the header."""
    return "; ".join(f"{name} {sources}" for name, sources in policy.items())


def pictures() -> str:
    """Return the sources of product pictures: staff can enter any URL, and MEDIA_URL can be another host."""
    # With DEBUG on they may come from another port of the same machine.
    plain = settings.DEBUG or settings.MEDIA_URL.startswith("http://")
    return "'self' https: data: http:" if plain else "'self' https: data:"


def add_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Send the policies of the admin and of the API's pages (middleware)."""
    back_office = header({**BACK_OFFICE, "img-src": pictures()})
    api_pages = header(API_PAGES)

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path_info.startswith("/admin/"):
            response["Content-Security-Policy"] = back_office
        elif request.path_info.startswith("/docs"):
            response["Content-Security-Policy"] = api_pages
        return response

    return middleware
