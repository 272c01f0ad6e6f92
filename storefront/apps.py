"""The Mini App."""

from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "storefront"
