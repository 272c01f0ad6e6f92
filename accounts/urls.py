"""API routes of accounts, below /api/v1/."""

from django.urls import re_path

from accounts.views import ProfileView

urlpatterns = [re_path(r"^users/me/?$", ProfileView.as_view(), name="profile")]
