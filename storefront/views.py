"""The Mini App: one page, with the first products in it, so that nothing waits for a second round trip."""

import re
from base64 import b64encode
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.module_loading import import_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.generic import TemplateView
from rest_framework.views import APIView

from catalog.images.urls import site_root, thumbnail_url
from catalog.views import CategoryViewSet, ProductViewSet
from shop.http.content_security_policy import header, pictures
from storefront.accent import stylesheet
from storefront.facts import shop_facts
from storefront.prerender import first_look
from storefront.public_paths import OTHER_PAGES
from storefront.texts import texts

STATIC = Path(__file__).resolve().parent / "static"
# Static imports (`import … from "./name.js"`) alone: what `import("./name.js")` loads is not needed at the start.
IMPORT = re.compile(r"""(?:from|import)\s*"(\.[^"]+)";""")

POLICY = {
    "default-src": "'none'",
    "script-src": "'self' https://telegram.org",
    "style-src": "'self'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    # Telegram's web client shows the page in a frame; the others need no leave.
    "frame-ancestors": "'self' https://web.telegram.org https://*.telegram.org",
}


def modules_from(start: Path) -> list[str]:
    """List a module and all that it imports, for `modulepreload`: the browser fetches them at once, not one by one."""
    found = [start]
    for path in found:
        for name in IMPORT.findall(path.read_text()):
            imported = (path.parent / name).resolve()
            if imported not in found:
                found.append(imported)
    return [path.relative_to(STATIC).as_posix() for path in found]


MODULES = modules_from(STATIC / "storefront" / "main.js")


# frame-ancestors says better who may embed it.
@method_decorator(xframe_options_exempt, name="dispatch")
class StorefrontView(TemplateView):
    """The page of the shop, the same for all addresses: the scripts choose what is shown."""

    http_method_names = ["get", "head", "options"]
    template_name = "storefront/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the data blocks that the scripts read."""
        shop = shop_facts(site_root(self.request))
        language = get_language() or settings.LANGUAGE_CODE
        categories = _listed(CategoryViewSet, "/api/v1/categories", self.request)
        products = _listed(ProductViewSet, "/api/v1/products", self.request)
        drawn = categories is not None and products is not None and not OTHER_PAGES & self.request.GET.keys()
        return super().get_context_data(
            language=language,
            texts=texts(language),
            modules=MODULES,
            shop=shop,
            logo=shop["logo"] and thumbnail_url(shop["logo"]),
            accent=mark_safe(stylesheet(shop["accent"])) if shop["accent"] else "",  # noqa: S308 - made of hex digits
            categories=categories,
            products=products,
            first_look=first_look(categories, products["results"], language) if drawn else None,
            demo_init_data=_demo_init_data(self.request),
            **kwargs,
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Add the headers for browsers and proxies."""
        response = super().render_to_response(context, **kwargs)
        policy = {**POLICY, "img-src": pictures()}
        if context["accent"]:
            digest = b64encode(sha256(context["accent"].encode()).digest()).decode()
            policy["style-src"] += f" 'sha256-{digest}'"
        response["Content-Security-Policy"] = header(policy)
        # A page without products is for this request alone; with DEBUG on, only some requests get the demo's sign-in.
        partial = context["products"] is None or context["categories"] is None
        if settings.DEBUG or context["demo_init_data"] or partial:
            response["Cache-Control"] = "no-store"
        else:
            patch_vary_headers(response, ["Accept-Language"])
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        return response


def _demo_init_data(request: HttpRequest) -> str | None:
    """Return init data of the demo customer; None where the request must get none."""
    return import_string(settings.DEMO_VISIT)(request) if settings.DEMO_VISIT else None


def _listed(viewset: type[APIView], path: str, request: HttpRequest) -> Any:
    """Ask the API as the page itself would; None if it refuses.

    Without products the page asks for them itself and says what is wrong; without categories it shows none.
    """
    # Links to further pages are made from the request's address.
    asked = type(request)(request.environ | {"PATH_INFO": path, "QUERY_STRING": "", "REQUEST_METHOD": "GET"})  # type: ignore[attr-defined, call-arg]
    response = viewset.as_view({"get": "list"})(asked)  # type: ignore[call-arg]
    return response.data if response.status_code == HTTPStatus.OK else None
