"""Limits on the unconfirmed orders of one customer, and the automatic cancel of unconfirmed orders."""

from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from pytest_django import Settings

from accounts.models import User
from catalog.models import Product, Variant
from conftest import Headers, JSONClient, Make
from orders import tasks
from orders.lifecycle import InvalidTransition, cancel_unconfirmed, change_status
from orders.models import Order
from orders.placing import writing
from orders.placing.cart import Cart
from orders.placing.limits import OpenOrdersLimitReached
from orders.placing.service import place_order
from testing.bot_api import DEADLINE
from testing.merchant import SetShop
from testing.orders import MakeOrder, Snapshot
from testing.stock import stock_of
from testing.threads import beside, together, wait_until_blocked

pytestmark = pytest.mark.django_db
URL = "/api/v1/orders"
HOURS = 72


def limit(settings: Settings, *, orders: int = 0, pieces: int = 0, total: int = 0) -> None:
    """Set the limits for one customer; 0: no limit."""
    settings.OPEN_ORDERS_PER_CUSTOMER = orders
    settings.OPEN_PIECES_PER_CUSTOMER = pieces
    settings.OPEN_TOTAL_PER_CUSTOMER = total


def order(client: JSONClient, who: Headers, product: Product, quantity: int = 1, **headers: str) -> Any:
    """Order a quantity of a product over the API."""
    return client.post(URL, {"items": [{"product_id": product.pk, "quantity": quantity}]}, **who, **headers)


@pytest.mark.parametrize(
    ("limits", "quantity", "data"),
    [
        ({"orders": 2}, 1, {"limit": "orders", "allowed": 2, "open": 2}),
        ({"pieces": 7}, 2, {"limit": "pieces", "allowed": 7, "open": 6}),
        ({"total": 700}, 2, {"limit": "total", "allowed": "700.00", "open": "600.00"}),
    ],
)
def test_order_above_a_limit_is_refused_and_changes_nothing(
    client: JSONClient,
    alice: Headers,
    bob: Headers,
    make_product: Make,
    snapshot: Snapshot,
    settings: Settings,
    limits: dict[str, int],
    quantity: int,
    data: dict[str, Any],
) -> None:
    limit(settings, **limits)
    tea = make_product(stock=100, price="100.00")
    for _ in range(2):
        assert order(client, alice, tea, 3).status_code == 201
    before = snapshot()
    answer = order(client, alice, tea, quantity)
    assert snapshot() == before
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "open_orders_limit")
    assert {name: problem[name] for name in data} == data
    assert order(client, bob, tea, quantity).status_code == 201  # each customer has their own limit


def test_order_that_reaches_the_limits_exactly_is_placed(
    client: JSONClient, alice: Headers, make_product: Make, settings: Settings
) -> None:
    limit(settings, orders=2, pieces=6, total=600)
    tea = make_product(stock=100, price="100.00")
    assert [order(client, alice, tea, 3).status_code for _ in range(3)] == [201, 201, 409]


@pytest.mark.parametrize("status", ["confirmed", "cancelled"])
def test_confirmed_and_cancelled_orders_do_not_count(
    client: JSONClient, alice: Headers, make_product: Make, boss: User, settings: Settings, status: str
) -> None:
    limit(settings, orders=1)
    tea = make_product(stock=100)
    first = order(client, alice, tea).json()["id"]
    assert order(client, alice, tea).status_code == 409
    change_status(order_id=first, to=status, actor=boss)
    assert order(client, alice, tea).status_code == 201


def test_replay_is_not_refused_at_the_limit(
    client: JSONClient, alice: Headers, make_product: Make, settings: Settings
) -> None:
    limit(settings, orders=1)
    tea = make_product(stock=100)
    placed = order(client, alice, tea, HTTP_IDEMPOTENCY_KEY="one").json()
    again = order(client, alice, tea, HTTP_IDEMPOTENCY_KEY="one")
    assert (again.status_code, again.json()["id"]) == (200, placed["id"])


def test_one_customer_cannot_reserve_all_stock(
    client: JSONClient, alice: Headers, make_product: Make, settings: Settings
) -> None:
    limit(settings, orders=10, pieces=50)
    products = [make_product(stock=1) for _ in range(100)]
    for start in range(0, 100, 10):
        items = [{"product_id": product.pk, "quantity": 1} for product in products[start : start + 10]]
        client.post(URL, {"items": items}, **alice)
    assert Variant.objects.filter(stock=0).count() == 50


# --- Concurrent orders ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twenty_concurrent_orders_do_not_exceed_the_limit(
    alice_user: User, make_product: Make, settings: Settings
) -> None:
    limit(settings, orders=3)
    results = together([partial(place_order, user=alice_user, cart=Cart({make_product(stock=None).pk: 1}))] * 20)
    assert sum(isinstance(result, OpenOrdersLimitReached) for result in results) == 17
    assert Order.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_order_waits_for_a_concurrent_order_of_its_customer(
    alice_user: User, make_product: Make, settings: Settings
) -> None:
    limit(settings, orders=1)
    buy = partial(place_order, user=alice_user, cart=Cart({make_product(stock=None).pk: 1}))
    with ExitStack() as stack:
        with transaction.atomic():
            buy()
            second, backend = stack.enter_context(beside(buy))
            wait_until_blocked(backend)
        assert isinstance(second.exception(DEADLINE), OpenOrdersLimitReached)


@pytest.mark.django_db(transaction=True)
def test_control_counting_without_the_lock_misses_the_concurrent_order(
    alice_user: User, make_product: Make, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(settings, orders=1)
    without_lock = (
        "SELECT count(*) AS orders, 0 AS pieces, 0::numeric AS total"
        " FROM orders_order WHERE user_id = %(user_id)s AND status = 'new'"
    )
    monkeypatch.setattr(writing, "OPEN_ORDERS", without_lock)
    monkeypatch.setattr(writing, "_statement", writing._statement.__wrapped__)
    buy = partial(place_order, user=alice_user, cart=Cart({make_product(stock=None).pk: 1}))
    with transaction.atomic():
        buy()
        with beside(buy) as (second, _backend):
            assert second.result(DEADLINE)[1] is True
    assert Order.objects.count() == 2


# --- Automatic cancel -------------------------------------------------------------------------------------


def age(order: Order, hours: float) -> None:
    """Make an order older."""
    Order.objects.filter(pk=order.pk).update(created_at=F("created_at") - timedelta(hours=hours))


def test_unconfirmed_order_is_cancelled_after_the_configured_time(
    make_order: MakeOrder, make_product: Make, boss: User, set_shop: SetShop
) -> None:
    set_shop(cancel_unconfirmed_after=HOURS)
    tea = make_product(stock=10)
    old, young, confirmed = (make_order({tea: 2}) for _ in range(3))
    change_status(order_id=confirmed.pk, to="confirmed", actor=boss)
    age(old, HOURS + 0.1)
    age(young, HOURS - 0.1)
    age(confirmed, HOURS + 0.1)
    tasks.cancel_unconfirmed(timestamp=0)
    assert dict(Order.objects.values_list("pk", "status")) == {
        old.pk: "cancelled",
        young.pk: "new",
        confirmed.pk: "confirmed",
    }
    assert stock_of(tea) == 6
    event = old.events.get(to_status="cancelled")
    assert (event.actor, event.note) == (None, "Not confirmed within 72 h.")
    assert event.dispatched_at is None  # so that the managers are notified


def test_without_a_time_no_order_is_cancelled(make_order: MakeOrder) -> None:
    old = make_order()
    age(old, 24 * 365 * 10)
    tasks.cancel_unconfirmed(timestamp=0)
    old.refresh_from_db()
    assert old.status == "new"


def test_order_that_cannot_be_cancelled_does_not_stop_the_others(make_order: MakeOrder, make_product: Make) -> None:
    endless, tea = make_product(stock=5), make_product(stock=5)
    first, second = make_order({endless: 1}), make_order({tea: 1})
    age(first, HOURS + 2)
    age(second, HOURS + 1)
    Variant.objects.filter(product=endless).update(stock=2**31 - 1)  # a returned piece would overflow the column
    assert cancel_unconfirmed(older_than=timedelta(hours=HOURS)) == 1
    assert list(Order.objects.order_by("pk").values_list("status", flat=True)) == ["new", "cancelled"]


@pytest.mark.django_db(transaction=True)
def test_either_confirming_or_the_automatic_cancel_wins(make_order: MakeOrder, make_product: Make, boss: User) -> None:
    tea = make_product(stock=100)
    for _ in range(10):
        order = make_order({tea: 1})
        age(order, HOURS + 1)
        confirm = partial(change_status, order_id=order.pk, to="confirmed", actor=boss)
        release = partial(cancel_unconfirmed, older_than=timedelta(hours=HOURS))
        results: list[object] = list(together([confirm, release]))
        order.refresh_from_db()
        if order.status == "confirmed":
            assert results[1] == 0
        else:
            assert (order.status, results[1], type(results[0])) == ("cancelled", 1, InvalidTransition)
    assert stock_of(tea) == 100 - Order.objects.filter(status="confirmed").count()
