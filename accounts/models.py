"""User accounts: customers (from Telegram) and staff (with a password)."""

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Matched against the whole text, by Python and by the storefront's JavaScript.
PHONE_PATTERN = r"\+?[ (]*[0-9](?:[ ()-]*[0-9]){4,14}"
validate_phone = RegexValidator(
    rf"\A{PHONE_PATTERN}\Z",
    _("Write a phone number of 5 to 15 digits, such as +7 912 345-67-89."),
)
validate_language = RegexValidator(
    r"\A[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3}\Z", _("Write a language tag such as ru or en-GB.")
)


class User(AbstractUser):
    """Account of a customer or of staff. A customer has a `telegram_id` and an unusable password."""

    telegram_id = models.BigIntegerField(
        _("Telegram id"),
        null=True,
        blank=True,
        unique=True,
        help_text=_("Empty for staff who never opened the shop."),
    )
    telegram_username = models.CharField(_("Telegram username"), max_length=64, blank=True)
    # Reported by Telegram; the customer's choice has its own column, so that a sign-in does not overwrite it.
    telegram_language_code = models.CharField(_("language in Telegram"), max_length=35, blank=True)
    language_code = models.CharField(_("chosen language"), max_length=35, blank=True, validators=[validate_language])
    photo_url = models.URLField(_("photo"), max_length=500, blank=True)
    is_premium = models.BooleanField(_("Telegram Premium"), default=False)
    allows_write_to_pm = models.BooleanField(_("may be written to"), default=False)
    phone = models.CharField(_("phone"), max_length=32, blank=True, validators=[validate_phone])
    bot_blocked_at = models.DateTimeField(_("blocked the bot at"), null=True, blank=True)
    last_seen_at = models.DateTimeField(_("last seen at"), null=True, blank=True)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=Q(telegram_id__gt=0),
                name="accounts_user_telegram_id_positive",
                violation_error_message=_("A Telegram id of a person is above zero."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or (f"@{self.telegram_username}" if self.telegram_username else self.username)

    @property
    def spoken_language_code(self) -> str:
        """Chosen language, or else the one Telegram reports; "" if neither is known."""
        return self.language_code or self.telegram_language_code
