"""Models of what customers keep in the shop. All rows of a customer are deleted with their account."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Product


class SavedAddress(models.Model):
    """Address of an earlier order of a customer, to choose it again."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("customer"),
        related_name="addresses",
        db_index=False,  # customers_savedaddress_once begins with it
    )
    address = models.CharField(_("address"), max_length=500)
    used_at = models.DateTimeField(_("used at"))

    class Meta:
        verbose_name = _("saved address")
        verbose_name_plural = _("saved addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "address"],
                name="customers_savedaddress_once",
                violation_error_message=_("The customer has this address already."),
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
