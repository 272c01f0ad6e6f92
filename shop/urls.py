"""URL configuration."""

from axes.decorators import axes_dispatch
from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularSwaggerView

from shop.api.document import SchemaView
from shop.api.fallback import NoSuchRoute
from shop.http import health

# Locked-out clients are refused before the form is parsed or rendered: its page takes 20 ms.
admin.site.login = axes_dispatch(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("storefront.urls")),
    # Tried in this order. Most catalog responses are cached, and do not get here.
    path("api/v1/", include("accounts.urls")),
    path("api/v1/", include("customers.urls")),
    path("api/v1/", include("orders.urls")),
    path("api/v1/", include("delivery.urls")),
    path("api/v1/", include("payments.urls")),
    path("api/v1/", include("catalog.urls")),
    path("api/v1/", include("merchant.urls")),
    re_path(r"^api/v1/schema/?$", SchemaView.as_view(), name="schema"),
    re_path(r"^api/", NoSuchRoute.as_view()),
    re_path(
        r"^docs/?$",
        SpectacularSwaggerView.as_view(url_name="schema", template_name="docs/swagger.html"),
        name="docs",
    ),
    re_path(r"^health/?$", health.alive, name="health"),
    re_path(r"^health/ready/?$", health.ready, name="ready"),
    path("admin/", include("accounts.admin_urls")),
    path("admin/", admin.site.urls),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),  # with DEBUG on only
]
handler400 = "shop.api.problems.bad_request"
handler404 = "shop.api.problems.not_found"
handler500 = "shop.api.problems.server_error"
