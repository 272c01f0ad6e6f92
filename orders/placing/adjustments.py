"""Adjustments configured in settings.ORDER_ADJUSTMENTS."""

from django.conf import settings
from django.utils.module_loading import import_string

from orders.placing.pricing import Adjustment


def adjustments() -> list[Adjustment]:
    """Return the configured functions in order; each gets the quote that the one before returned."""
    return [import_string(path) for path in settings.ORDER_ADJUSTMENTS]
