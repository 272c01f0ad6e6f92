"""lifecycle.change_status: transitions by the table of statuses."""

from itertools import product as pairs
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from catalog.models import Variant
from conftest import Make
from orders.lifecycle import InvalidTransition, change_status
from orders.models import Order, OrderEvent
from orders.signals import order_status_changed
from orders.statuses import Status
from orders.tests.test_place_order import listening
from testing.orders import MakeOrder, Snapshot
from testing.stock import stock_of

pytestmark = pytest.mark.django_db

# Written a second time on purpose: a test must not take its expectation from the code under test.
ALLOWED = {
    ("new", "confirmed"),
    ("new", "cancelled"),
    ("confirmed", "shipped"),
    ("confirmed", "cancelled"),
    ("shipped", "completed"),
    ("shipped", "cancelled"),
}
ALL = [*pairs(Status.values, repeat=2)]


def put_in(order: Order, status: str) -> Order:
    """Set an order's status without the rules."""
    Order.objects.filter(pk=order.pk).update(status=status)
    return order


@pytest.mark.parametrize(("before", "to"), sorted(ALLOWED))
def test_allowed_transition_is_made_and_recorded(make_order: MakeOrder, boss: User, before: str, to: str) -> None:
    order = put_in(make_order(), before)
    earlier = timezone.now()
    changed = change_status(order_id=order.pk, to=to, actor=boss, note="by phone")
    order.refresh_from_db()
    assert (changed.pk, changed.status, order.status) == (order.pk, to, to)
    assert order.updated_at > earlier
    event = OrderEvent.objects.latest("pk")
    assert (event.order, event.kind, event.from_status, event.to_status) == (order, "status_changed", before, to)
    assert (event.actor, event.note, order.events.count()) == (boss, "by phone", 2)


@pytest.mark.parametrize(("before", "to"), sorted(set(ALL) - ALLOWED))
def test_other_transitions_are_refused_and_no_row_changes(
    make_order: MakeOrder, make_product: Make, boss: User, snapshot: Snapshot, before: str, to: str
) -> None:
    order = put_in(make_order({make_product(stock=5): 2}), before)
    rows, row = snapshot(), Order.objects.values().get()
    with pytest.raises(InvalidTransition) as caught:
        change_status(order_id=order.pk, to=to, actor=boss)
    assert caught.value.detail == f"An order that is {before} cannot become {to}."
    assert caught.value.data == {"status_now": before}
    assert (snapshot(), Order.objects.values().get()) == (rows, row)


def test_only_from_restricts_the_transitions(make_order: MakeOrder, alice_user: User, snapshot: Snapshot) -> None:
    order = put_in(make_order(), "confirmed")
    rows = snapshot()
    with pytest.raises(InvalidTransition):
        change_status(order_id=order.pk, to="cancelled", actor=alice_user, only_from="new")
    order.refresh_from_db()
    assert (order.status, snapshot()) == ("confirmed", rows)


def test_unknown_order_raises_does_not_exist(boss: User) -> None:
    with pytest.raises(Order.DoesNotExist):
        change_status(order_id=404, to="confirmed", actor=boss)


@pytest.mark.parametrize("before", ["new", "confirmed", "shipped"])
def test_cancelling_returns_the_stock_once(make_order: MakeOrder, make_product: Make, boss: User, before: str) -> None:
    tea, jam = make_product(stock=10), make_product(stock=3)
    order = put_in(make_order({tea: 4, jam: 3}), before)
    change_status(order_id=order.pk, to="cancelled", actor=boss)
    with pytest.raises(InvalidTransition):
        change_status(order_id=order.pk, to="cancelled", actor=boss)
    assert dict(Variant.objects.values_list("product", "stock")) == {tea.pk: 10, jam.pk: 3}


def test_other_transitions_leave_the_stock_unchanged(make_order: MakeOrder, make_product: Make, boss: User) -> None:
    tea = make_product(stock=10)
    order = make_order({tea: 4})
    for to in ("confirmed", "shipped", "completed"):
        change_status(order_id=order.pk, to=to, actor=boss)
    assert stock_of(tea) == 6


def test_product_not_counted_when_sold_gets_no_stock_back(
    make_order: MakeOrder, make_product: Make, boss: User
) -> None:
    tea = make_product(stock=None)
    order = make_order({tea: 4})
    Variant.objects.update(stock=1)  # counted since then
    change_status(order_id=order.pk, to="cancelled", actor=boss)
    assert stock_of(tea) == 1


def test_product_not_counted_any_more_stays_uncounted(make_order: MakeOrder, make_product: Make, boss: User) -> None:
    tea = make_product(stock=10)
    order = make_order({tea: 4})
    Variant.objects.update(stock=None)
    change_status(order_id=order.pk, to="cancelled", actor=boss)
    assert stock_of(tea) is None


def test_signal_is_sent_after_the_commit_with_order_and_event(
    make_order: MakeOrder, boss: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    order = make_order()
    heard: list[dict[str, Any]] = []

    def receiver(**sent: Any) -> None:
        heard.append(sent)

    with listening(order_status_changed, receiver), django_capture_on_commit_callbacks(execute=True):
        change_status(order_id=order.pk, to="confirmed", actor=boss)
        assert heard == []
    (sent,) = heard
    assert (sent["sender"], sent["order"], sent["event"]) == (Order, order, OrderEvent.objects.latest("pk"))


def test_no_signal_is_sent_for_a_refused_transition(
    make_order: MakeOrder, boss: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    order = make_order()
    with django_capture_on_commit_callbacks() as callbacks, pytest.raises(InvalidTransition):
        change_status(order_id=order.pk, to="completed", actor=boss)
    assert callbacks == []
