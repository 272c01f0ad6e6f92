"""POST /api/v1/orders/{id}/repeat."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from catalog.models import Product, Variant
from conftest import Headers, JSONClient, Make
from orders.models import Order
from testing.orders import MakeOrder, Snapshot

pytestmark = pytest.mark.django_db


def repeat(client: JSONClient, who: Headers, order: Order) -> Any:
    answer = client.post(f"/api/v1/orders/{order.pk}/repeat", **who)
    assert answer.status_code == 200
    return answer.json()


def test_items_are_offered_at_prices_and_names_of_now(
    client: JSONClient, alice: Headers, make_order: MakeOrder, make_product: Make, snapshot: Snapshot
) -> None:
    tea = make_product(name="Tea", sku="T", price="10.00", stock=5)
    order = make_order({tea: 2})
    Variant.objects.update(price="12.50")
    Product.objects.update(name="Green tea")
    before = snapshot()
    assert repeat(client, alice, order) == {
        "items": [
            {
                "variant_id": tea.variant_id,
                "product_id": tea.pk,
                "name": "Green tea",
                "options": [],
                "sku": "T",
                "price": "12.50",
                "quantity": 2,
                "discount": "0.00",
                "total": "25.00",
            }
        ],
        "missing": [],
    }
    assert snapshot() == before


def test_missing_items_have_a_reason(
    client: JSONClient, alice: Headers, make_order: MakeOrder, make_product: Make
) -> None:
    tea, jam, soap, cup = (make_product(name=name, stock=9) for name in ("Tea", "Jam", "Soap", "Cup"))
    order = make_order({tea: 1, jam: 2, soap: 3, cup: 4})
    Variant.objects.filter(product=jam).update(stock=0)
    Variant.objects.filter(product=soap).update(stock=1)
    Product.objects.filter(pk=cup.pk).update(is_active=False)
    answer = repeat(client, alice, order)
    assert [(item["name"], item["quantity"]) for item in answer["items"]] == [("Tea", 1), ("Soap", 1)]
    assert answer["missing"] == [
        {"name": "Jam", "options": [], "quantity": 2, "reason": "out_of_stock"},
        {"name": "Soap", "options": [], "quantity": 2, "reason": "fewer_left"},
        {"name": "Cup", "options": [], "quantity": 4, "reason": "not_on_sale"},
    ]


def test_nothing_is_left_of_an_order(
    client: JSONClient, alice: Headers, make_order: MakeOrder, make_product: Make
) -> None:
    order = make_order({make_product(name="Tea"): 1})
    Variant.objects.update(is_active=False)
    missing = {"name": "Tea", "options": [], "quantity": 1, "reason": "not_on_sale"}
    assert repeat(client, alice, order) == {"items": [], "missing": [missing]}


def test_order_of_another_customer_is_not_found(client: JSONClient, bob: Headers, make_order: MakeOrder) -> None:
    order = make_order()
    url = f"/api/v1/orders/{order.pk}/repeat"
    assert client.post(url, **bob).status_code == 404
    assert client.post(url).status_code == 401


def test_unknown_field_is_refused(client: JSONClient, alice: Headers, make_order: MakeOrder) -> None:
    answer = client.post(f"/api/v1/orders/{make_order().pk}/repeat", {"quantity": 2}, **alice)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_queries_do_not_grow_with_items(
    client: JSONClient, alice: Headers, alice_user: User, make_order: MakeOrder, make_product: Make
) -> None:
    counts = []
    for size in (1, 5):
        order = make_order({make_product(): 1 for _ in range(size)})
        with CaptureQueriesContext(connection) as queries:
            repeat(client, alice, order)
        counts.append(len(queries))
    assert counts[0] == counts[1]
