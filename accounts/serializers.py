"""Serializers of a customer's profile."""

from rest_framework import serializers

from accounts.models import User, validate_language, validate_phone
from shop.api.fields import StrictCharField
from shop.api.serializers import RequestSerializer, RowSerializer


class ProfileSerializer(RowSerializer[User]):
    """The customer's own profile."""

    id = serializers.IntegerField()
    telegram_id = serializers.IntegerField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    username = serializers.CharField(source="telegram_username")
    language_code = serializers.CharField(
        source="spoken_language_code", help_text="The language that the customer has chosen, or else that of Telegram."
    )
    photo_url = serializers.CharField()
    is_premium = serializers.BooleanField()
    phone = serializers.CharField()


class ChangeProfileSerializer(RequestSerializer):
    """Profile fields that the customer may change; an omitted field is not changed."""

    phone = StrictCharField(required=False, allow_blank=True, max_length=32, validators=[validate_phone])
    language_code = StrictCharField(required=False, allow_blank=True, max_length=35, validators=[validate_language])
