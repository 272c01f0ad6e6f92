"""What is sold."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalog")

    def ready(self) -> None:
        """Register the system check of SEARCH_LANGUAGE, and its rebuild after migrations."""
        from catalog.search import language

        post_migrate.connect(language.carry_out_setting, sender=self)
