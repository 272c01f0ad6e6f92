"""POST /api/v1/orders/{id}/cancel."""

from typing import Any

import pytest

from accounts.models import User
from catalog.models import Variant
from conftest import Headers, JSONClient, Make
from orders.lifecycle import change_status
from orders.models import Order
from testing.orders import MakeOrder, Snapshot
from testing.stock import stock_of

pytestmark = pytest.mark.django_db
NOT_FOUND = {
    "type": "about:blank",
    "title": "Not Found",
    "status": 404,
    "detail": "There is no such thing here, or it is not yours.",
    "code": "not_found",
}


def cancel(client: JSONClient, order_id: object, **who: str) -> Any:
    return client.post(f"/api/v1/orders/{order_id}/cancel", **who)


def test_owner_cancels_a_new_order(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea = make_product(stock=10)
    body = {"items": [{"product_id": tea.pk, "quantity": 3}], "comment": "Call me"}
    placed = client.post("/api/v1/orders", body, **alice).json()
    answer = cancel(client, placed["id"], **alice)
    order = Order.objects.get()
    event = order.events.latest("pk")
    at, updated_at = (moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") for moment in (event.created_at, order.updated_at))
    cancelled = {"kind": "status_changed", "from_status": "new", "to_status": "cancelled", "created_at": at}
    assert answer.status_code == 200
    assert answer.json() == placed | {
        "status": "cancelled",
        "updated_at": updated_at,
        "history": [*placed["history"], cancelled],
    }
    tea.refresh_from_db()
    assert (stock_of(tea), event.actor) == (10, order.user)


@pytest.mark.parametrize("status", ["confirmed", "shipped", "completed", "cancelled"])
def test_order_that_is_not_new_cannot_be_cancelled_by_its_customer(
    client: JSONClient, alice: Headers, make_order: MakeOrder, make_product: Make, snapshot: Snapshot, status: str
) -> None:
    order = make_order({make_product(stock=5): 1})
    Order.objects.update(status=status)
    before = snapshot()
    answer = cancel(client, order.pk, **alice)
    assert answer.status_code == 409
    assert answer.json() == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": f"An order that is {status} cannot become cancelled.",
        "code": "invalid_transition",
        "status_now": status,
    }
    order.refresh_from_db()
    assert (order.status, snapshot()) == (status, before)


def test_order_of_another_customer_is_not_found(
    client: JSONClient, bob: Headers, bob_user: User, make_order: MakeOrder, snapshot: Snapshot
) -> None:
    order, before = make_order(), snapshot()
    answer = cancel(client, order.pk, **bob)
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    order.refresh_from_db()
    assert (order.status, snapshot()) == ("new", before)


@pytest.mark.parametrize("order_id", [404, "9" * 18, "9" * 19, "9" * 40, "-1", "1.0", "x", "%00"])
def test_missing_order_is_not_found(client: JSONClient, alice: Headers, order_id: object) -> None:
    answer = cancel(client, order_id, **alice)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_cancelling_needs_sign_in(client: JSONClient, make_order: MakeOrder) -> None:
    order = make_order()
    assert cancel(client, order.pk).status_code == 401
    order.refresh_from_db()
    assert order.status == "new"


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_only_post_cancels(client: JSONClient, alice: Headers, make_order: MakeOrder, method: str) -> None:
    order = make_order()
    assert getattr(client, method)(f"/api/v1/orders/{order.pk}/cancel", **alice).status_code == 405
    order.refresh_from_db()
    assert order.status == "new"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_customer_cannot_change_an_order_otherwise(
    client: JSONClient, alice: Headers, make_order: MakeOrder, method: str
) -> None:
    order = make_order()
    answer = getattr(client, method)(f"/api/v1/orders/{order.pk}", {"status": "completed", "total": "0.00"}, **alice)
    assert answer.status_code == 405
    assert list(Order.objects.values_list("status", "total")) == [("new", order.total)]


def test_staff_can_cancel_a_confirmed_order(make_order: MakeOrder, make_product: Make, boss: User) -> None:
    order = make_order({make_product(stock=5): 2})
    change_status(order_id=order.pk, to="confirmed", actor=boss)
    assert change_status(order_id=order.pk, to="cancelled", actor=boss).status == "cancelled"
    assert Variant.objects.get().stock == 5
