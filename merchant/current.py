"""The shop's settings and shown pages as they are now, cached in memory until the catalog revision changes."""

from dataclasses import dataclass

from django.db import connection
from django.http import HttpRequest

from catalog.freshness.revision import RevisionWatch, watch
from merchant.models import Page, ShopSettings


@dataclass(frozen=True)
class Shop:
    """Settings and shown pages, to be read only: all threads share them."""

    settings: ShopSettings
    pages: tuple[Page, ...]

    @property
    def consent(self) -> dict[str, str]:
        """The versions that a customer agrees to with an order, by slug."""
        return {page.slug: page.version for page in self.pages if page.slug in Page.WITH_CONSENT}


class ShopCache:
    """Cache of the shop: valid for one revision, and only while its changes are heard (shop/postgres/listener.py)."""

    def __init__(self, watch: RevisionWatch) -> None:
        self._watch = watch
        self._kept: tuple[str, Shop] | None = None

    def current(self) -> Shop:
        """Return the shop from memory; otherwise read it, with two queries."""
        revision, kept = self._watch.heard(), self._kept
        if revision is not None and kept is not None and kept[0] == revision:
            return kept[1]
        shop = _read()
        # In a transaction it may be a change that is rolled back.
        if revision is not None and revision == self._watch.heard() and not connection.in_atomic_block:
            self._kept = (revision, shop)
        return shop


def _read() -> Shop:
    # A shop whose row was lost has the defaults.
    return Shop(ShopSettings.objects.first() or ShopSettings(), tuple(Page.objects.shown()))


_cache = ShopCache(watch)
current = _cache.current


def shop_name(request: HttpRequest) -> str:
    """Return the shop's name, as the title of the admin (settings.UNFOLD)."""
    return current().settings.name
