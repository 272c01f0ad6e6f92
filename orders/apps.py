"""What was bought."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        """Hang the manager's message on the signals."""
        from orders import receivers  # noqa: F401  # connecting is what importing it does
