"""Cache of the settings: read once for each revision, and never older than what was heard."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from catalog.freshness.revision import RevisionWatch
from catalog.freshness.revision_cache import RevisionCache
from merchant.current import Shop, current, read_shop
from merchant.models import ShopSettings
from shop.postgres.listener import Listener
from testing.bot_api import wait_until
from testing.listening import end_listeners, listening_begins
from testing.merchant import SetShop, ShowPage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cache(listener: Listener, set_shop: SetShop, show_page: ShowPage) -> RevisionCache[Shop]:
    """Return a cache whose listener is connected, in a shop with settings and a page."""
    set_shop(name="Tea")
    show_page("terms")
    watch = RevisionWatch(listener)
    cache = RevisionCache(watch, read_shop)
    listening_begins(listener)
    assert cache.current().settings.name == "Tea"
    return cache


def test_settings_are_read_once(cache: RevisionCache[Shop], django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert {cache.current().settings.name for _ in range(3)} == {"Tea"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE merchant_shopsettings SET name = 'Coffee'",
        "UPDATE merchant_page SET text = 'Be kind.'",
        "UPDATE merchant_page SET is_shown = false",
        "DELETE FROM merchant_page",
        "TRUNCATE merchant_page",
        "TRUNCATE merchant_shopsettings",
    ],
)
def test_each_change_is_heard_of(cache: RevisionCache[Shop], statement: str) -> None:
    before = cache.current()
    with connection.cursor() as cursor:
        cursor.execute(statement)
    wait_until(lambda: cache.current() is not before)
    wait_until(lambda: cache.current() is cache.current())
    now = cache.current()
    assert (now.settings.name, now.consent) == (current().settings.name, current().consent)
    assert (now.settings.name, now.consent) != (before.settings.name, before.consent)


def test_change_that_is_rolled_back_is_not_kept(cache: RevisionCache[Shop]) -> None:
    with transaction.atomic():
        # A new revision, so that the next call reads: in this transaction, which sees its own change.
        ShopSettings.objects.update(name="Never")
        cache._kept = None
        assert cache.current().settings.name == "Never"
        transaction.set_rollback(True)
    assert cache.current().settings.name == "Tea"


def test_cache_that_was_cut_off_reads_each_time(cache: RevisionCache[Shop], listener: Listener) -> None:
    end_listeners()
    wait_until(lambda: not listener.is_listening)
    for name in ("Coffee", "Cocoa"):
        ShopSettings.objects.update(name=name)
        assert cache.current().settings.name == name


def test_shop_whose_row_was_lost_has_the_defaults() -> None:
    ShopSettings.objects.all().delete()
    settings = current().settings
    assert (settings.name, settings.accepts_orders, settings.min_total) == ("Shop", True, Decimal(0))


def test_consent_is_to_the_shown_pages_that_need_it(show_page: ShowPage) -> None:
    show_page("about")
    show_page("terms", is_shown=False)
    privacy = show_page("privacy")
    assert current().consent == {"privacy": privacy.version}
