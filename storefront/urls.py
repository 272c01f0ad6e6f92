"""The page of the Mini App, and what a front end needs to start."""

from django.urls import path, re_path

from storefront.api import ShopView
from storefront.views import StorefrontView

urlpatterns = [
    path("", StorefrontView.as_view(), name="storefront"),
    re_path(r"^api/v1/shop/?$", ShopView.as_view(), name="shop"),
]
