"""The page of the Mini App."""

from django.urls import path

from storefront.views import StorefrontView

urlpatterns = [path("", StorefrontView.as_view(), name="storefront")]
