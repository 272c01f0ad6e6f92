"""The delivery methods that customers can choose, cached in memory until the catalog revision changes."""

from catalog.freshness.revision import watch
from catalog.freshness.revision_cache import RevisionCache
from delivery.models import DeliveryMethod


def read_methods() -> tuple[DeliveryMethod, ...]:
    """Read the methods with their points, with two queries."""
    return tuple(DeliveryMethod.objects.active())


current = RevisionCache(watch, read_methods).current
