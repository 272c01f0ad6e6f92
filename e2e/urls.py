"""URLs of the shop, and pictures, which nginx serves in production."""

from django.conf import settings
from django.urls import path
from django.views.static import serve

from shop import urls

urlpatterns = [path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}), *urls.urlpatterns]
handler400, handler404, handler500 = urls.handler400, urls.handler404, urls.handler500
