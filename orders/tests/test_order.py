"""GET /api/v1/orders/{id}."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from conftest import Headers, JSONClient, Make
from orders.lifecycle import change_status
from testing.orders import WITHOUT_CHOICES, MakeOrder, item_json

pytestmark = pytest.mark.django_db


def test_order_has_all_fields(
    client: JSONClient, alice: Headers, make_order: MakeOrder, make_product: Make, boss: User
) -> None:
    tea = make_product(name="Tea", sku="T", price="10.00")
    order = make_order({tea: 2}, comment="Call me")
    order = change_status(order_id=order.pk, to="confirmed", actor=boss, note="for staff only")
    placed, confirmed = order.events.order_by("pk")
    moments = (order.created_at, order.updated_at, placed.created_at, confirmed.created_at)
    created_at, updated_at, placed_at, confirmed_at = (when.strftime("%Y-%m-%dT%H:%M:%S.%fZ") for when in moments)
    answer = client.get(f"/api/v1/orders/{order.pk}", **alice)
    assert answer.status_code == 200
    assert answer.json() == {
        "id": order.pk,
        "number": order.number,
        "status": "confirmed",
        **WITHOUT_CHOICES,
        "subtotal": "20.00",
        "total": "20.00",
        "currency": "RUB",
        "contact_name": "Alice",
        "phone": "",
        "address": "",
        "comment": "Call me",
        "created_at": created_at,
        "updated_at": updated_at,
        "items": [item_json(tea, 2, "20.00")],
        "adjustments": [],
        "history": [
            {"kind": "placed", "from_status": "", "to_status": "new", "created_at": placed_at},
            {
                "kind": "status_changed",
                "from_status": "new",
                "to_status": "confirmed",
                "created_at": confirmed_at,
            },
        ],
    }


def test_order_of_another_customer_is_not_found(client: JSONClient, bob: Headers, make_order: MakeOrder) -> None:
    theirs = client.get(f"/api/v1/orders/{make_order().pk}", **bob)
    missing = client.get("/api/v1/orders/999999", **bob)
    assert theirs.status_code == 404
    assert theirs.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is no such thing here, or it is not yours.",
        "code": "not_found",
    }
    assert missing.json() == theirs.json()  # the response does not reveal whether the order exists


@pytest.mark.parametrize("order_id", ["0", "9" * 18, "9" * 19, "9" * 40, "-1", "1.0", "x", "%00", "１"])
def test_invalid_order_id_is_not_found(client: JSONClient, alice: Headers, order_id: str) -> None:
    answer = client.get(f"/api/v1/orders/{order_id}", **alice)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_staff_session_is_not_signed_in_to_the_api(client: JSONClient, boss: User, make_order: MakeOrder) -> None:
    order = make_order()
    client.force_login(boss)
    assert client.get(f"/api/v1/orders/{order.pk}").status_code == 401


def test_number_of_queries_does_not_grow_with_the_items(
    client: JSONClient, alice: Headers, make_order: MakeOrder, make_product: Make
) -> None:
    counts = []
    for number in (1, 20):
        order = make_order({make_product(): 1 for _ in range(number)})
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(f"/api/v1/orders/{order.pk}", **alice).json()["items"]) == number
        counts.append(len(queries))
    assert counts == [5, 5]  # the customer, the order, its items, its adjustments, its history
