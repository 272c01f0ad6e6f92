"""Addresses of the shop."""

from axes.decorators import axes_dispatch
from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularSwaggerView

from accounts import demo
from accounts.admin import change_own_password
from accounts.views import ProfileView
from catalog.storefront import StorefrontView
from catalog.views import CategoryViewSet, ProductViewSet
from orders.views import OrderViewSet
from shop import health
from shop.api.fallback import NoSuchRoute
from shop.api.routers import OptionalSlashRouter
from shop.api.schema import SchemaView

# Who is locked out is refused before the form is read, let alone shown: its page takes 20 ms.
admin.site.login = axes_dispatch(admin.site.login)  # type: ignore[method-assign]

router = OptionalSlashRouter()
# Tried one after the other. What the catalogue answers is kept in memory, and seldom comes here.
router.register("orders", OrderViewSet, basename="order")
router.register("categories", CategoryViewSet, basename="category")
router.register("products", ProductViewSet, basename="product")

urlpatterns = [
    path("", StorefrontView.as_view(demo_sign_in=demo.page_sign_in), name="storefront"),
    re_path(r"^api/v1/users/me/?$", ProfileView.as_view(), name="profile"),
    path("api/v1/", include(router.urls)),
    re_path(r"^api/v1/schema/?$", SchemaView.as_view(), name="schema"),
    re_path(r"^api/", NoSuchRoute.as_view()),
    re_path(
        r"^docs/?$",
        SpectacularSwaggerView.as_view(url_name="schema", template_name="docs/swagger.html"),
        name="docs",
    ),
    re_path(r"^health/?$", health.alive, name="health"),
    re_path(r"^health/ready/?$", health.ready, name="ready"),
    path("admin/password_change/", admin.site.admin_view(change_own_password, cacheable=True)),
    path("admin/", admin.site.urls),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),  # with DEBUG on only
]
handler400 = "shop.api.problems.bad_request"
handler404 = "shop.api.problems.not_found"
handler500 = "shop.api.problems.server_error"
