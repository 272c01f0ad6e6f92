"""Admin URLs that replace Django's own, below /admin/."""

from django.contrib import admin
from django.urls import path

from accounts.admin import change_own_password

urlpatterns = [path("password_change/", admin.site.admin_view(change_own_password, cacheable=True))]
