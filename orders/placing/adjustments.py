"""The adjustments of the settings, in their order."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from orders.placing.pricing import Adjustment


def adjustments() -> list[Adjustment]:
    """Return one of each of settings.ORDER_ADJUSTMENTS; later ones see the quote of those before."""
    return [_made(path) for path in settings.ORDER_ADJUSTMENTS]


@cache
def _made(path: str) -> Adjustment:
    adjustment: Adjustment = import_string(path)()
    return adjustment
