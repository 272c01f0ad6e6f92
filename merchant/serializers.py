"""JSON of the merchant's settings and pages."""

from datetime import UTC
from typing import Any

from rest_framework import serializers

from merchant.hours import DAYS
from merchant.models import Page
from shop.api.fields import MoneyField
from shop.api.serializers import RowSerializer


class BannerSerializer(serializers.Serializer[Any]):
    """The banner above the products."""

    image = serializers.CharField(allow_null=True, help_text="Absolute URL.")
    text = serializers.CharField(allow_blank=True)
    link = serializers.CharField(
        allow_blank=True, help_text="An address of the shop's Mini App, such as `/?category=3`, or one with https://."
    )


class ContactsSerializer(serializers.Serializer[Any]):
    """Contacts of the shop; empty if not given."""

    phone = serializers.CharField(allow_blank=True)
    telegram_username = serializers.CharField(allow_blank=True, help_text="Without @.")
    email = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)


class HoursSerializer(serializers.Serializer[Any]):
    """Opening hours of one day; null if the shop is closed."""

    day = serializers.ChoiceField(choices=list(DAYS))
    opens = serializers.CharField(allow_null=True, help_text="Such as `09:00`.")
    closes = serializers.CharField(allow_null=True, help_text="Such as `20:30`.")


class PageLinkSerializer(serializers.Serializer[Any]):
    """A page that is shown."""

    slug = serializers.ChoiceField(choices=Page.Slug.values)
    title = serializers.CharField()
    version = serializers.CharField(help_text="Changes with the title or the text.")
    needs_consent = serializers.BooleanField(help_text="An order needs this version in `consent`.")


class MerchantSerializer(serializers.Serializer[Any]):
    """What the merchant has decided: name, look, contacts, hours, rules of orders, pages."""

    name = serializers.CharField()
    logo = serializers.CharField(allow_null=True, help_text="Absolute URL.")
    accent = serializers.RegexField(r"^#[0-9a-fA-F]{6}$", allow_null=True, help_text="Colour; null: Telegram's.")
    banner = BannerSerializer(allow_null=True)
    contacts = ContactsSerializer()
    time_zone = serializers.CharField(help_text="Of `hours` (IANA).")
    hours = HoursSerializer(many=True, help_text="Seven days, from Monday.")
    min_total = MoneyField(allow_null=True, help_text="Smallest sum of the items of an order; null: no minimum.")
    accepts_orders = serializers.BooleanField()
    notice = serializers.CharField(allow_blank=True, help_text="To be shown while orders are not accepted.")
    pages = PageLinkSerializer(many=True)


class PageSerializer(RowSerializer[Page]):
    """A page of the shop."""

    slug = serializers.ChoiceField(choices=Page.Slug.values)
    title = serializers.CharField()
    text = serializers.CharField(help_text="Plain text; an empty line begins a new paragraph.")
    version = serializers.CharField(help_text="Changes with the title or the text.")
    updated_at = serializers.DateTimeField(default_timezone=UTC)
