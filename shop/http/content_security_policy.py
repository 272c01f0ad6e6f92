"""Content-Security-Policy: what a page may load and run, and who may frame it.

Three pages have one each: the storefront (storefront.views), the back office and the pages of the API. All else is
JSON. That is too little for a library: django-csp would add its nonces and decorators to write three constants.
"""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Policy = Mapping[str, str]

BACK_OFFICE: Policy = {
    "default-src": "'none'",
    # unfold's Alpine.js compiles the expressions of its attributes ('unsafe-eval'). Scripts in the page stay forbidden.
    "script-src": "'self' 'unsafe-eval'",
    # unfold writes its colours into the page, Alpine.js and htmx their styles.
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
    """Write a policy as browsers read it."""
    return "; ".join(f"{name} {sources}" for name, sources in policy.items())


def pictures() -> str:
    """Return the sources of product pictures: staff may name any address, and MEDIA_URL may be another host."""
    # With DEBUG on they may come from another port of one's own machine.
    plain = settings.DEBUG or settings.MEDIA_URL.startswith("http://")
    return "'self' https: data: http:" if plain else "'self' https: data:"


def add_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Send the policies of the back office and of the API's pages (middleware)."""
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
