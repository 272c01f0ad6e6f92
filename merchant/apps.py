"""App of the merchant's own settings: what the shop is called, when it is open, what it asks of an order."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MerchantConfig(AppConfig):
    name = "merchant"
    verbose_name = _("Merchant")
