"""JSON of what customers keep in the shop."""

from typing import Any

from rest_framework import serializers

from shop.api.schema import ConstantField, ProblemSerializer


class FavouriteIdsSerializer(serializers.Serializer[Any]):
    """Ids of a customer's favourites."""

    ids = serializers.ListField(child=serializers.IntegerField(), help_text="Ids of products, newest first.")


class FavouritesLimitProblemSerializer(ProblemSerializer):
    """The customer has too many favourites."""

    code = ConstantField("favourites_limit")
    limit = serializers.IntegerField()
