"""Settings of the shop, and its pages such as the privacy policy: what the merchant decides in the back office."""

import hashlib
from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, RegexValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import validate_phone
from catalog.freshness.triggers import on_rows, on_truncate
from catalog.models import validate_picture
from merchant.hours import OpeningHours

# Valid as regular expressions of Python and PostgreSQL.
COLOUR = r"\A#[0-9a-fA-F]{6}\Z"
TELEGRAM_USERNAME = r"\A[A-Za-z][A-Za-z0-9_]{3,31}\Z"
SHOP_LINK = r"\A/(\?[A-Za-z0-9=&%._~+-]*)?\Z"  # the Mini App is one page: its addresses differ in the query
MAX_HOURS = 24 * 365  # until an unconfirmed order is cancelled
MAX_PAGE = 50_000  # characters of a page: some 25 printed pages


def validate_link(link: str) -> None:
    """Check a link: an address of this shop, or an https address of another site.

    :raises ValidationError: if it is anything else, such as `javascript:…`.
    """
    if link.startswith("https://"):
        URLValidator(schemes=["https"])(link)
    else:
        RegexValidator(SHOP_LINK, _("Write an address of this shop, such as /?category=3, or one with https://."))(link)


def default_name() -> str:
    """Return the name of a shop that has none yet, in the shop's own language."""
    with override(settings.LANGUAGE_CODE):
        return gettext("Shop")


class ShopSettings(OpeningHours):
    """Settings of the shop: one row. Read them with `merchant.current.current`, which caches them."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("shop's name"), max_length=60, default=default_name)
    logo = models.CharField(_("logo"), max_length=500, blank=True, validators=[validate_picture])
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(COLOUR, _("Write a colour such as #b3541e."))],
        help_text=_(
            "Such as #b3541e. Where it could not be read, it is made darker or lighter. Empty: the colours of Telegram."
        ),
    )
    banner_picture = models.CharField(_("banner's picture"), max_length=500, blank=True, validators=[validate_picture])
    banner_text = models.CharField(_("banner's text"), max_length=120, blank=True)
    banner_link = models.CharField(
        _("banner's link"),
        max_length=500,
        blank=True,
        validators=[validate_link],
        help_text=_("An address of this shop, such as /?category=3, or one with https://."),
    )
    phone = models.CharField(_("phone"), max_length=32, blank=True, validators=[validate_phone])
    telegram_username = models.CharField(
        _("Telegram username"),
        max_length=32,
        blank=True,
        validators=[RegexValidator(TELEGRAM_USERNAME, _("Write a Telegram username such as my_shop."))],
        help_text=_("Of the person or the group that answers customers."),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=500, blank=True)
    min_total = models.DecimalField(
        _("minimum order"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        help_text=_("Sum of the products, before delivery and discounts. 0: no minimum."),
    )
    cancel_unconfirmed_after = models.PositiveIntegerField(
        _("cancel unconfirmed orders after"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(MAX_HOURS)],
        help_text=_("Hours. Their products are returned to stock, and the managers get a message. 0: never."),
    )
    accepts_orders = models.BooleanField(_("accepts orders"), default=True)
    notice = models.CharField(
        _("notice"),
        max_length=300,
        blank=True,
        help_text=_("Customers see it while orders are not accepted, such as “Back on Monday”."),
    )
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    history = HistoricalRecords()

    class Meta(OpeningHours.Meta):
        abstract = False
        verbose_name = _("shop settings")
        verbose_name_plural = _("shop settings")
        constraints = [
            *OpeningHours.Meta.constraints,
            models.CheckConstraint(
                condition=Q(id=1),
                name="merchant_shopsettings_one_row",
                violation_error_message=_("There is one row of settings."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="merchant_shopsettings_has_name",
                violation_error_message=_("The shop needs a name."),
            ),
            models.CheckConstraint(
                condition=Q(accent="") | Q(accent__regex=COLOUR),
                name="merchant_shopsettings_accent_is_colour",
                violation_error_message=_("Write a colour such as #b3541e."),
            ),
            models.CheckConstraint(
                condition=Q(banner_link="") | Q(banner_link__startswith="https://") | Q(banner_link__regex=SHOP_LINK),
                name="merchant_shopsettings_link_is_safe",
                violation_error_message=_("Write an address of this shop, such as /?category=3, or one with https://."),
            ),
            models.CheckConstraint(
                condition=Q(min_total__gte=0),
                name="merchant_shopsettings_min_total_not_negative",
                violation_error_message=_("The minimum order cannot be below zero."),
            ),
            models.CheckConstraint(
                condition=Q(cancel_unconfirmed_after__lte=MAX_HOURS),
                name="merchant_shopsettings_cancel_within_a_year",
                violation_error_message=_("Write at most 8760 hours, which is a year."),
            ),
        ]
        triggers = [
            on_rows(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, name="merchant_shopsettings_rows"),
            on_truncate(name="merchant_shopsettings_truncated"),
        ]

    def __str__(self) -> str:
        return self.name


class PageQuerySet(models.QuerySet["Page"]):
    """Pages shown to customers."""

    def shown(self) -> "PageQuerySet":
        """Keep the pages that customers see, in their order."""
        return self.filter(is_shown=True).order_by("position", "pk")


class Page(models.Model):
    """Page of the shop with a text of its own. There are as many as slugs: they are shown or hidden, never added."""

    class Slug(models.TextChoices):
        """Pages that a shop can have."""

        ABOUT = "about", _("About the shop")
        DELIVERY = "delivery", _("Delivery and payment")
        RETURNS = "returns", _("Returns")
        PRIVACY = "privacy", _("Privacy policy")
        TERMS = "terms", _("Terms of sale")

    # Customers agree to these with each order, if they are shown.
    WITH_CONSENT: ClassVar = (Slug.PRIVACY, Slug.TERMS)

    slug = models.CharField(_("page"), max_length=16, choices=Slug, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=100, blank=True)
    text = models.TextField(
        _("text"),
        blank=True,
        validators=[MaxLengthValidator(MAX_PAGE)],
        help_text=_("Plain text; an empty line begins a new paragraph."),
    )
    is_shown = models.BooleanField(_("shown"), default=False)
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Smaller numbers come first."))
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    history = HistoricalRecords()
    objects: ClassVar[Any] = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__in=["about", "delivery", "returns", "privacy", "terms"]),
                name="merchant_page_slug_known",
                violation_error_message=_("There is no such page."),
            ),
            models.CheckConstraint(
                condition=Q(is_shown=False) | ~(Q(title="") | Q(text="")),
                name="merchant_page_shown_is_written",
                violation_error_message=_("A page that is shown needs a title and a text."),
            ),
        ]
        triggers = [
            on_rows(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, name="merchant_page_rows"),
            on_truncate(name="merchant_page_truncated"),
        ]

    def __str__(self) -> str:
        return str(self.get_slug_display())

    @property
    def version(self) -> str:
        """Digest of title and text, which customers agree to: it cannot be forgotten when a text is changed."""
        return version_of(self.title, self.text)


def version_of(title: str, text: str) -> str:
    """Return the version of a page, 12 hexadecimal digits of SHA-256."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:12]
