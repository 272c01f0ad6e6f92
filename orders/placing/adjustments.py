"""Adjustments configured in settings.ORDER_ADJUSTMENTS."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from orders.placing.pricing import Adjustment


def adjustments() -> list[Adjustment]:
    """Return the configured adjustments in order; each gets the quote that the one before returned."""
    return [_load(path) for path in settings.ORDER_ADJUSTMENTS]


@cache
def _load(path: str) -> Adjustment:
    adjustment: Adjustment = import_string(path)()
    return adjustment
