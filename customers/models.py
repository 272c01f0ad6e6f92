"""Models of what customers keep in the shop. All rows of a customer are deleted with their account."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, Variant


class ForgottenAddress(models.Model):
    """Address of earlier orders that a customer has deleted from the addresses to choose again."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("customer"),
        related_name="+",
        db_index=False,  # customers_forgottenaddress_once begins with it
    )
    address = models.CharField(_("address"), max_length=500)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("forgotten address")
        verbose_name_plural = _("forgotten addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "address"],
                name="customers_forgottenaddress_once",
                violation_error_message=_("The customer has deleted this address already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.pk}"


class Favourite(models.Model):
    """Product that a customer has marked, to find it again."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("customer"),
        related_name="favourites",
        db_index=False,  # customers_favourite_once begins with it
    )
    product = models.ForeignKey(Product, models.CASCADE, verbose_name=_("product"), related_name="+")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "product"],
                name="customers_favourite_once",
                violation_error_message=_("The product is one of this customer's favourites already."),
            ),
        ]
        indexes = [
            # For the list, newest first.
            models.Index(fields=["user", "-id"], name="customers_favourite_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.product_id}"


class StockSubscription(models.Model):
    """Wish of a customer to be told when a sold-out variant is in stock again."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("customer"),
        related_name="stock_subscriptions",
        db_index=False,  # customers_stocksubscription_once begins with it
    )
    variant = models.ForeignKey(
        Variant,
        models.CASCADE,
        verbose_name=_("variant"),
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"))
    notified_at = models.DateTimeField(_("told at"), null=True, blank=True)

    class Meta:
        verbose_name = _("stock subscription")
        verbose_name_plural = _("stock subscriptions")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "variant"],
                name="customers_stocksubscription_once",
                violation_error_message=_("The customer waits for this variant already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.variant_id}"
