"""Race tests of orders on real connections, each with a control that shows the failure of a naive implementation.

The threads of a control meet at a barrier between read and write, so it fails every time, not sometimes.
"""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F
from psycopg import errors as pg

from accounts.models import User
from catalog.models import Product, Variant
from conftest import Headers, JSONClient, Make
from orders.lifecycle import InvalidTransition, change_status
from orders.models import Order, OrderEvent, OrderItem
from orders.placing import pricing, writing
from orders.placing.cart import Cart
from orders.placing.pricing import OutOfStock, PriceChanged, ProductUnavailable
from orders.placing.service import place_order
from orders.statuses import Status
from testing.bot_api import DEADLINE
from testing.orders import MakeOrder
from testing.stock import stock_of, variant_of
from testing.threads import beside, together, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS, PIECES = 50, 10


def meeting(number: int) -> Callable[[], int]:
    """Return a barrier that each of the threads must call before any continues."""
    return partial(threading.Barrier(number).wait, DEADLINE)


def customers(number: int) -> list[User]:
    return User.objects.bulk_create(User(username=f"tg:{n}", telegram_id=n) for n in range(1, number + 1))


def outcomes(results: list[object]) -> Counter[str]:
    """Count the results by class name."""
    return Counter("done" if not isinstance(result, BaseException) else type(result).__name__ for result in results)


# --- The last pieces --------------------------------------------------------------------------------------


def test_last_pieces_are_sold_once(make_product: Make) -> None:
    tea = make_product(stock=PIECES)
    buy = [partial(place_order, user=user, cart=Cart({tea.pk: 1})) for user in customers(BUYERS)]
    results = together(buy)
    assert outcomes(results) == {"done": PIECES, "OutOfStock": BUYERS - PIECES}
    refusals = [result for result in results if isinstance(result, OutOfStock)]
    item = {"product_id": tea.pk, "variant_id": tea.variant_id, "requested": 1, "available": 0}
    assert all(each.data == {"items": [item]} for each in refusals)
    assert stock_of(tea) == 0
    assert (Order.objects.count(), OrderItem.objects.count(), OrderEvent.objects.count()) == (PIECES,) * 3


def test_control_reading_the_stock_before_writing_it_oversells(make_product: Make) -> None:
    tea, all_have_read = make_product(stock=PIECES), meeting(BUYERS)

    @transaction.atomic
    def naive(user: User) -> Order:
        variant = Variant.objects.get(product=tea)
        all_have_read()
        if variant.stock is None or variant.stock < 1:
            raise OutOfStock("none left")
        variant.stock -= 1
        variant.save(update_fields=["stock"])
        return Order.objects.create(user=user, subtotal=1, total=1)

    results = together(partial(naive, user) for user in customers(BUYERS))
    tea.refresh_from_db()
    assert (outcomes(results), stock_of(tea)) == ({"done": BUYERS}, PIECES - 1)


def buy_last_piece_beside_its_cancel(
    order: Order, tea: Product, boss: User, buyer: User
) -> "Future[tuple[Order, bool]]":
    """Place an order that waits for the cancel of the order with the last piece."""
    with ExitStack() as stack, transaction.atomic():
        change_status(order_id=order.pk, to=Status.CANCELLED, actor=boss)
        buy = partial(place_order, user=buyer, cart=Cart({tea.pk: 1}))
        placing, backend = stack.enter_context(beside(buy))
        wait_until_blocked(backend)
    return placing


def test_order_that_waits_for_the_cancel_of_the_last_piece_gets_it(
    make_order: MakeOrder, make_product: Make, boss: User, bob_user: User
) -> None:
    tea = make_product(stock=1)
    placing = buy_last_piece_beside_its_cancel(make_order({tea: 1}), tea, boss, bob_user)
    assert placing.result(DEADLINE)[1] is True
    assert stock_of(tea) == 0


def test_control_subtracting_from_the_column_breaks_the_check(
    make_order: MakeOrder, make_product: Make, boss: User, bob_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tea = make_product(stock=1)
    order = make_order({tea: 1})
    from_the_column = writing.PLACE.replace("item.stock - item.quantity", "variant.stock - item.quantity")
    assert from_the_column != writing.PLACE
    monkeypatch.setattr(writing, "PLACE", from_the_column)
    monkeypatch.setattr(writing, "_statement", writing._statement.__wrapped__)
    placing = buy_last_piece_beside_its_cancel(order, tea, boss, bob_user)
    with pytest.raises(IntegrityError, match="catalog_variant_stock_not_negative"):
        placing.result(DEADLINE)


@pytest.mark.parametrize("stock", [None, 5])
def test_product_deleted_while_it_is_ordered_is_not_sold(make_product: Make, bob_user: User, stock: int | None) -> None:
    tea = make_product(stock=stock)
    buy = partial(place_order, user=bob_user, cart=Cart({tea.pk: 1}))
    with ExitStack() as stack:
        with transaction.atomic():
            tea.delete()
            placing, backend = stack.enter_context(beside(buy))
            wait_until_blocked(backend)
        assert isinstance(placing.exception(DEADLINE), ProductUnavailable)
    assert not Order.objects.exists()


# --- Changes between quote and write ----------------------------------------------------------------------


def changing_while_quoted(monkeypatch: pytest.MonkeyPatch, *changes: Callable[[], object]) -> None:
    """Commit one of the changes after each pricing, before the order is written."""
    waiting = list(changes)
    original = pricing.price

    def price(*arguments: Any) -> pricing.Priced:
        priced = original(*arguments)
        if waiting:
            together([waiting.pop(0)])
        return priced

    monkeypatch.setattr(pricing, "price", price)


def test_price_changed_after_the_quote_is_charged(
    make_product: Make, bob_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tea = make_product(price="100.00", stock=5)
    changing_while_quoted(monkeypatch, lambda: Variant.objects.update(price="120.00"))
    order, _ = place_order(user=bob_user, cart=Cart({tea.pk: 2}))
    assert (str(order.total), str(order.items.get().price)) == ("240.00", "120.00")
    assert stock_of(tea) == 3


def test_price_changed_after_the_quote_differs_from_the_expected_total(
    make_product: Make, bob_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tea = make_product(price="100.00", stock=5)
    changing_while_quoted(monkeypatch, lambda: Variant.objects.update(price="120.00"))
    with pytest.raises(PriceChanged):
        place_order(user=bob_user, cart=Cart({tea.pk: 2}, expected_total=Decimal("200.00")))
    tea.refresh_from_db()
    assert (stock_of(tea), Order.objects.exists()) == (5, False)


@pytest.mark.parametrize("stock", [None, 5])
def test_product_deactivated_after_the_quote_is_not_sold(
    make_product: Make, bob_user: User, monkeypatch: pytest.MonkeyPatch, stock: int | None
) -> None:
    tea = make_product(stock=stock)
    changing_while_quoted(monkeypatch, lambda: Product.objects.update(is_active=False))
    with pytest.raises(ProductUnavailable):
        place_order(user=bob_user, cart=Cart({tea.pk: 1}))
    assert not Order.objects.exists()


def test_stock_sold_after_the_quote_is_reported_as_a_shortage(
    make_product: Make, bob_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tea = make_product(stock=5)
    changing_while_quoted(monkeypatch, lambda: Variant.objects.update(stock=1))
    with pytest.raises(OutOfStock) as caught:
        place_order(user=bob_user, cart=Cart({tea.pk: 2}))
    assert caught.value.data == {
        "items": [{"product_id": tea.pk, "variant_id": tea.variant_id, "requested": 2, "available": 1}]
    }


@pytest.mark.parametrize(("changes", "is_placed"), [(2, True), (3, False)])
def test_order_is_abandoned_after_three_outdated_quotes(
    make_product: Make, bob_user: User, monkeypatch: pytest.MonkeyPatch, changes: int, is_placed: bool
) -> None:
    tea = make_product(price="100.00", stock=5)
    dearer = partial(Variant.objects.update, price=F("price") + 1)
    changing_while_quoted(monkeypatch, *[dearer] * changes)
    if is_placed:
        order, _ = place_order(user=bob_user, cart=Cart({tea.pk: 1}))
        assert str(order.total) == "102.00"
    else:
        with pytest.raises(OperationalError, match="changed 3 times"):
            place_order(user=bob_user, cart=Cart({tea.pk: 1}))
    assert Order.objects.exists() is is_placed


def test_control_statement_without_price_check_charges_the_old_price(
    make_product: Make, bob_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tea = make_product(price="100.00", stock=5)
    blind = writing.PLACE.replace("bool_and(price = quoted AND ", "bool_and(true AND ")
    assert blind != writing.PLACE
    monkeypatch.setattr(writing, "PLACE", blind)
    monkeypatch.setattr(writing, "_statement", writing._statement.__wrapped__)
    changing_while_quoted(monkeypatch, lambda: Variant.objects.update(price="120.00"))
    order, _ = place_order(user=bob_user, cart=Cart({tea.pk: 2}))
    assert str(order.total) == "200.00"


# --- Locks ------------------------------------------------------------------------------------------------


def test_opposite_carts_never_deadlock(make_product: Make) -> None:
    tea, jam = make_product(stock=10_000), make_product(stock=10_000)
    carts = [Cart({tea.pk: 1, jam.pk: 1}), Cart({jam.pk: 1, tea.pk: 1})]
    rounds = 40

    def shop_again_and_again(user: User, cart: Cart) -> None:
        for _ in range(rounds):
            place_order(user=user, cart=cart)

    buyers = customers(6)
    results = together(partial(shop_again_and_again, user, carts[n % 2]) for n, user in enumerate(buyers))
    assert outcomes(results) == {"done": len(buyers)}
    left = set(Variant.objects.values_list("stock", flat=True))
    assert left == {10_000 - len(buyers) * rounds}


def test_variants_are_locked_by_primary_key_not_in_cart_order(make_product: Make) -> None:
    first, second = make_product(stock=5), make_product(stock=5)
    variant_of(first).save()  # moves its row behind the other one
    (user,) = customers(1)
    cart = Cart({second.pk: 1, first.pk: 1})
    with ExitStack() as stack:
        with transaction.atomic():
            Variant.objects.select_for_update().get(product=first)
            placing, backend = stack.enter_context(beside(partial(place_order, user=user, cart=cart)))
            wait_until_blocked(backend)
            # An order that waits for the first one must not hold the second one: this would raise.
            Variant.objects.select_for_update(nowait=True).get(product=second)
        assert placing.result(DEADLINE)[1] is True


def test_control_locking_in_cart_order_deadlocks(make_product: Make) -> None:
    tea, jam, both_hold_one = make_product(stock=10), make_product(stock=10), meeting(2)

    @transaction.atomic
    def naive(first: Product, second: Product) -> None:
        Variant.objects.filter(product=first).update(stock=F("stock") - 1)
        both_hold_one()
        Variant.objects.filter(product=second).update(stock=F("stock") - 1)

    results = together([partial(naive, tea, jam), partial(naive, jam, tea)])
    assert outcomes(results) == {"done": 1, "OperationalError": 1}
    (error,) = [result for result in results if isinstance(result, OperationalError)]
    assert isinstance(error.__cause__, pg.DeadlockDetected)


# --- Idempotency key --------------------------------------------------------------------------------------


@pytest.mark.parametrize("stock", [1, 1000, None])
def test_twenty_requests_with_one_key_place_one_order(
    client: JSONClient, alice: Headers, make_product: Make, stock: int | None
) -> None:
    tea = make_product(stock=stock)
    client.get("/api/v1/users/me", **alice)

    def tap() -> tuple[int, int]:
        body = {"items": [{"product_id": tea.pk, "quantity": 1}]}
        answer = JSONClient().post("/api/v1/orders", body, HTTP_IDEMPOTENCY_KEY="one", **alice)
        return answer.status_code, answer.json().get("id")

    results = together([tap] * 20)
    order = Order.objects.get()
    assert Counter(results) == {(201, order.pk): 1, (200, order.pk): 19}
    tea.refresh_from_db()
    assert (stock_of(tea), OrderEvent.objects.count()) == (None if stock is None else stock - 1, 1)


def test_twenty_first_requests_of_a_new_customer_place_one_order(alice: Headers, make_product: Make) -> None:
    tea = make_product(stock=1)

    def tap() -> int:
        body = {"items": [{"product_id": tea.pk, "quantity": 1}]}
        return int(JSONClient().post("/api/v1/orders", body, HTTP_IDEMPOTENCY_KEY="one", **alice).status_code)

    assert Counter(together([tap] * 20)) == {201: 1, 200: 19}
    assert (User.objects.count(), Order.objects.count()) == (1, 1)


def test_control_checking_the_key_before_placing_creates_duplicates(make_product: Make) -> None:
    tea, all_have_looked, (user,) = make_product(), meeting(20), customers(1)

    def naive() -> Order:
        there = Order.objects.filter(user=user, comment="key one").first()
        all_have_looked()
        return there or place_order(user=user, cart=Cart({tea.pk: 1}, comment="key one"))[0]

    together([naive] * 20)
    assert Order.objects.count() == 20


# --- Concurrent changes of one order ----------------------------------------------------------------------


def test_ten_concurrent_cancels_return_the_stock_once(make_order: MakeOrder, make_product: Make, boss: User) -> None:
    tea = make_product(stock=10)
    order = make_order({tea: 3})
    results = together([partial(change_status, order_id=order.pk, to=Status.CANCELLED, actor=boss)] * 10)
    tea.refresh_from_db()
    assert (outcomes(results), stock_of(tea)) == ({"done": 1, "InvalidTransition": 9}, 10)
    assert OrderEvent.objects.filter(to_status=Status.CANCELLED).count() == 1


def test_control_cancelling_without_a_lock_returns_the_stock_ten_times(
    make_order: MakeOrder, make_product: Make
) -> None:
    tea = make_product(stock=10)
    order, all_have_read = make_order({tea: 3}), meeting(10)

    @transaction.atomic
    def naive() -> None:
        read = Order.objects.get(pk=order.pk)
        all_have_read()
        if not read.may_become(Status.CANCELLED):
            raise InvalidTransition("not now")
        read.status = Status.CANCELLED
        read.save()
        Variant.objects.filter(product=tea).update(stock=F("stock") + 3)

    results = together([naive] * 10)
    tea.refresh_from_db()
    assert (outcomes(results), stock_of(tea)) == ({"done": 10}, 7 + 10 * 3)


def history(order: Order) -> list[tuple[str, str]]:
    """List an order's transitions."""
    return list(order.events.order_by("pk").values_list("from_status", "to_status"))


def test_either_confirming_or_cancelling_wins(
    make_order: MakeOrder, make_product: Make, alice_user: User, boss: User
) -> None:
    tea = make_product(stock=100)
    for _ in range(15):
        order = make_order({tea: 1})
        confirm = partial(change_status, order_id=order.pk, to="confirmed", actor=boss)
        cancel = partial(change_status, order_id=order.pk, to="cancelled", actor=alice_user, only_from="new")
        assert outcomes(together([confirm, cancel])) == {"done": 1, "InvalidTransition": 1}
        order.refresh_from_db()
        assert history(order) == [("", "new"), ("new", order.status)]
    assert stock_of(tea) == 100 - Order.objects.filter(status="confirmed").count()


def test_control_without_a_lock_both_win(make_order: MakeOrder, alice_user: User, boss: User) -> None:
    order, both_have_read = make_order(), meeting(2)

    @transaction.atomic
    def naive(to: str, actor: User) -> None:
        read = Order.objects.get(pk=order.pk)
        both_have_read()
        OrderEvent.objects.create(order=read, kind="status_changed", from_status=read.status, to_status=to, actor=actor)
        Order.objects.filter(pk=read.pk).update(status=to)

    results = together([partial(naive, "confirmed", boss), partial(naive, "cancelled", alice_user)])
    assert outcomes(results) == {"done": 2}
    assert sorted(history(order)) == [("", "new"), ("new", "cancelled"), ("new", "confirmed")]
