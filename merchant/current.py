"""The shop's settings and shown pages as they are now, cached in memory until the catalog revision changes."""

from dataclasses import dataclass

from django.http import HttpRequest

from catalog.freshness.revision import watch
from catalog.freshness.revision_cache import RevisionCache
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


def read_shop() -> Shop:
    """Read the shop, with two queries."""
    # A shop whose row was lost has the defaults.
    return Shop(ShopSettings.objects.first() or ShopSettings(), tuple(Page.objects.shown()))


current = RevisionCache(watch, read_shop).current


def shop_name(request: HttpRequest) -> str:
    """Return the shop's name, as the title of the admin (settings.UNFOLD)."""
    return current().settings.name
