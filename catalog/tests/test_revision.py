"""The catalog revision changes in the transaction of each change, and every process is notified."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F

from catalog.freshness.revision import RevisionWatch
from catalog.models import Category, Product, Revision, Synonym, Variant
from conftest import Make
from shop.postgres.listener import Listener, Subscription
from testing.bot_api import DEADLINE, wait_until
from testing.listening import end_listeners, listening_begins
from testing.threads import beside

pytestmark = pytest.mark.django_db(transaction=True)


def value() -> str:
    """Return the revision as the database has it."""
    return str(Revision.objects.get())


def moves(change: Callable[[], object]) -> bool:
    """Tell whether the revision is another one after a change."""
    before = value()
    change()
    return value() != before


# --- What moves it ----------------------------------------------------------------------------------------

NEW_VALUES: dict[type, dict[str, Any]] = {
    Product: {
        "name": "New",
        "slug": "new",
        "sku": "NEW",
        "other_skus": ["NEW"],
        "description": "New",
        "price": "1.00",
        "price_max": "1000.00",
        "old_price": "999.00",
        "variant_count": 7,
        "variant_id": 7,
        "images": ["new.jpg"],
        "properties": [{"name": "Weight", "value": "1 kg"}],
        "is_active": False,
        "created_at": "2020-01-01T00:00Z",
    },
    Category: {
        "name": "New",
        "slug": "new",
        "description": "New",
        "image": "new.jpg",
        "position": 7,
        "is_active": False,
    },
}
NOT_SHOWN = {"id", "is_available", "updated_at", "option_names"}  # the others have their own tests
NEW_OF_VARIANT: dict[str, Any] = {
    "sku": "NEW",
    "price": "101.00",
    "old_price": "999.00",
    "images": ["new.jpg"],
    "position": 7,
    "is_active": False,
    "option_values": ["M"],
}


@pytest.mark.parametrize(
    "field", [field.name for field in Product._meta.concrete_fields if field.name not in NOT_SHOWN]
)
def test_each_field_of_a_product(make_product: Make, make_category: Make, field: str) -> None:
    product, other = make_product(), make_category()
    new = other.pk if field == "category" else NEW_VALUES[Product][field]
    assert moves(lambda: Product.objects.filter(pk=product.pk).update(**{field: new}))


def test_names_of_options(make_product: Make) -> None:
    product = make_product(option_names=["Size"], variant={"option_values": ["S"]})
    assert moves(lambda: Product.objects.filter(pk=product.pk).update(option_names=["Length"]))


@pytest.mark.parametrize("field", NEW_OF_VARIANT)
def test_each_field_of_a_variant(make_product: Make, field: str) -> None:
    """Also of one that is not the cheapest, so that its product's columns stay as they are."""
    product = make_product(price="100.00", option_names=["Size"], variant={"option_values": ["S"]})
    dearer = Variant.objects.create(product=product, sku="D", option_values=["L"], price="100.00", position=1)
    assert moves(lambda: Variant.objects.filter(pk=dearer.pk).update(**{field: NEW_OF_VARIANT[field]}))


@pytest.mark.parametrize("field", [field.name for field in Category._meta.concrete_fields if field.name != "id"])
def test_each_field_of_a_category(make_category: Make, field: str) -> None:
    category, other = make_category(), make_category()
    new = other.pk if field == "parent" else NEW_VALUES[Category][field]
    assert moves(lambda: Category.objects.filter(pk=category.pk).update(**{field: new}))


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        (7, 6, False),
        (6, 5, True),  # from here on customers see how many there are
        (5, 4, True),
        (1, 0, True),
        (0, 1, True),
        (None, 0, True),
        (0, None, True),
        (None, 6, False),
        (6, None, False),
    ],
)
def test_stock_matters_when_few_pieces_are_left(
    make_product: Make, before: int | None, after: int | None, moved: bool
) -> None:
    product = make_product(stock=before)
    assert moves(lambda: Variant.objects.filter(product=product).update(stock=after)) is moved


def test_rows_that_come_and_go(make_product: Make, make_category: Make) -> None:
    category = make_category()
    assert moves(make_category)
    assert moves(lambda: make_product(category=category))
    assert moves(lambda: Product.objects.all().delete())
    assert moves(lambda: Category.objects.filter(pk=category.pk).delete())


def test_synonyms() -> None:
    """A search finds other products with them."""
    assert moves(lambda: Synonym.objects.create(words="cup, mug"))
    assert moves(lambda: Synonym.objects.update(words="cup, mug, glass"))
    assert moves(lambda: Synonym.objects.all().delete())


def test_plain_sql(make_product: Make) -> None:
    make_product()

    def run(statement: str) -> Callable[[], None]:
        def execute() -> None:
            with connection.cursor() as cursor:
                cursor.execute(statement)

        return execute

    assert moves(run("UPDATE catalog_product SET price = 7"))
    assert moves(run("TRUNCATE catalog_product CASCADE"))
    assert moves(run("TRUNCATE catalog_synonym"))


def test_change_that_is_rolled_back_moves_nothing(make_product: Make) -> None:
    make_product()

    def change_and_roll_back() -> None:
        with transaction.atomic():
            Variant.objects.update(price="7.00")
            transaction.set_rollback(True)

    assert not moves(change_and_roll_back)


def test_lost_row_comes_back(make_product: Make) -> None:
    make_product()
    Revision.objects.all().delete()
    Variant.objects.update(price="7.00")
    assert Revision.objects.count() == 1


def test_nobody_waits_for_a_change_that_is_under_way(make_product: Make) -> None:
    """Else an import would hold up each order that takes a last piece."""
    first, second = make_product(stock=5), make_product(stock=1)
    with transaction.atomic():
        Variant.objects.filter(product=first).update(price="7.00")
        with beside(lambda: Variant.objects.filter(product=second).update(stock=0)) as (done, _backend):
            assert done.result(DEADLINE) == 1


def test_many_rows_move_it_once(make_product: Make) -> None:
    for _ in range(5):
        make_product()
    with connection.cursor() as cursor:
        cursor.execute("LISTEN catalog_revision")
        with transaction.atomic():
            Variant.objects.update(price=F("price") + 1)
            Product.objects.update(name="New")
        cursor.execute("UNLISTEN catalog_revision")
    heard = list(connection.connection.notifies(timeout=0))
    assert [notification.payload for notification in heard] == [value()]


# --- Who hears of it --------------------------------------------------------------------------------------


@pytest.fixture
def watch(listener: Listener) -> RevisionWatch:
    """Give a watch whose listener listens."""
    watching = RevisionWatch(listener)
    listening_begins(listener)
    return watching


def test_watch_begins_to_listen_when_it_is_first_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(threading.Thread, "start", lambda thread: started.append(thread.name))
    watching = RevisionWatch(Listener())
    assert [watching.current() for _ in range(2)] == [value()] * 2
    assert started == ["postgresql-listener"]


def test_commit_is_heard_of(watch: RevisionWatch, make_product: Make) -> None:
    make_product()
    wait_until(lambda: watch.current() == value())
    before = watch.current()
    with transaction.atomic():
        Variant.objects.update(price="7.00")
        assert watch.current() == before
    wait_until(lambda: watch.current() == value() != before)


def test_nothing_is_asked_while_notifications_come(watch: RevisionWatch, make_product: Make) -> None:
    make_product()
    wait_until(lambda: watch.current() == value())
    asked: Future[bool] = Future()
    with connection.execute_wrapper(lambda *_: asked.set_result(True)):
        assert watch.current() is not None
    assert not asked.done()


def test_watch_that_was_cut_off_asks_each_time(watch: RevisionWatch, listener: Listener, make_product: Make) -> None:
    make_product()
    end_listeners()
    wait_until(lambda: not listener.is_listening)
    for price in ("7.00", "8.00", "9.00"):
        Variant.objects.update(price=price)
        assert watch.current() == value()


def test_watch_that_heard_nothing_for_too_long_asks(
    watch: RevisionWatch, listener: Listener, make_product: Make
) -> None:
    """A network that swallows everything closes no connection."""
    make_product()
    wait_until(lambda: watch.current() == value())
    with connection.cursor() as cursor:  # a change that is not notified of
        cursor.execute("UPDATE catalog_revision SET value = gen_random_uuid()")
    assert watch.current() != value()
    listener._trusted_until = 0.0
    assert watch.current() == value()


def test_without_a_database_nothing_is_known(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(threading.Thread, "start", lambda thread: None)
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    connection.close()
    assert RevisionWatch(Listener()).current() is None


def test_listener_survives_what_it_does_not_understand(listener: Listener, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[str] = []

    def hear(payload: str) -> None:
        heard.append(payload)
        raise LookupError(payload)

    listener.subscribe(Subscription("odd", lambda _connection: None, hear))
    thread = listening_begins(listener)
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY odd, 'x'")
    thread.join(DEADLINE)  # the one connection has ended, and the next may begin
    assert (heard, listener.is_listening) == (["x"], False)
    assert "caches are off" in caplog.text
