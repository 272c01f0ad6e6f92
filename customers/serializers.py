"""JSON of what customers keep in the shop."""

from datetime import UTC
from typing import Any

from rest_framework import serializers

from catalog.serializers import ProductSerializer
from customers.addresses import SavedAddress
from customers.models import StockSubscription
from shop.api.schema import ConstantField, ProblemSerializer
from shop.api.serializers import RowSerializer


class SavedAddressSerializer(RowSerializer[SavedAddress]):
    """An address of an earlier order."""

    id = serializers.IntegerField()
    address = serializers.CharField()
    used_at = serializers.DateTimeField(default_timezone=UTC, help_text="When an order was last sent there.")


class FavouriteSerializer(ProductSerializer):
    """A favourite product, as in the list of products."""


class FavouriteIdsSerializer(serializers.Serializer[Any]):
    """Ids of a customer's favourites."""

    ids = serializers.ListField(child=serializers.IntegerField(), help_text="Ids of products, newest first.")


class StockSubscriptionSerializer(RowSerializer[StockSubscription]):
    """A sold-out variant for which the customer waits."""

    variant_id = serializers.IntegerField()
    product_id = serializers.IntegerField(source="variant.product_id")
    created_at = serializers.DateTimeField(default_timezone=UTC)


class SubscriptionsLimitProblemSerializer(ProblemSerializer):
    """The customer waits for too many variants."""

    code = ConstantField("subscriptions_limit")
    limit = serializers.IntegerField()


class FavouritesLimitProblemSerializer(ProblemSerializer):
    """The customer has too many favourites."""

    code = ConstantField("favourites_limit")
    limit = serializers.IntegerField()
