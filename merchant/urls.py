"""API routes of the shop's pages, below /api/v1/."""

from django.urls import re_path

from merchant.views import PageView

urlpatterns = [re_path(r"^pages/(?P<slug>[a-z]{1,16})/?$", PageView.as_view(), name="page")]
