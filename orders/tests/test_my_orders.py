"""GET /api/v1/orders/my."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from conftest import Headers, JSONClient, Make
from orders.models import Order
from testing.orders import WITHOUT_CHOICES, MakeOrder, item_json

pytestmark = pytest.mark.django_db
URL = "/api/v1/orders/my"


def ids(answer: Any) -> list[int]:
    """List the ids on a page."""
    return [order["id"] for order in answer.json()["results"]]


def test_page_has_all_fields(client: JSONClient, alice: Headers, make_order: MakeOrder, make_product: Make) -> None:
    tea, jam = make_product(name="Tea", sku="T", price="10.00"), make_product(name="Jam", sku="J", price="0.50")
    order = make_order({jam: 1, tea: 2}, comment="Call me", address="Vologda", phone="+79120000000")
    at, updated_at = (when.strftime("%Y-%m-%dT%H:%M:%S.%fZ") for when in (order.created_at, order.updated_at))
    answer = client.get(URL, **alice)
    assert answer.status_code == 200
    assert answer.json() == {
        "next": None,
        "previous": None,
        "results": [
            {
                "id": order.pk,
                "number": order.number,
                "status": "new",
                **WITHOUT_CHOICES,
                "subtotal": "20.50",
                "total": "20.50",
                "currency": "RUB",
                "contact_name": "Alice",
                "phone": "+79120000000",
                "address": "Vologda",
                "comment": "Call me",
                "created_at": at,
                "updated_at": updated_at,
                "items": [
                    item_json(tea, 2, "20.00"),
                    item_json(jam, 1, "0.50"),
                ],
                "adjustments": [],
            }
        ],
    }


def test_customers_see_their_own_orders_newest_first(
    client: JSONClient, alice: Headers, bob: Headers, make_order: MakeOrder, bob_user: User
) -> None:
    first, his, second = make_order(), make_order(user=bob_user), make_order()
    Order.objects.filter(pk=first.pk).update(status="cancelled")  # changed last, but still the older one
    assert ids(client.get(URL, **alice)) == [second.pk, first.pk]
    assert ids(client.get(URL, **bob)) == [his.pk]


def test_customer_without_orders_gets_an_empty_page(client: JSONClient, alice: Headers, make_order: MakeOrder) -> None:
    make_order(user=User.objects.create(username="tg:5", telegram_id=5))
    assert client.get(URL, **alice).json() == {"next": None, "previous": None, "results": []}


def test_new_orders_do_not_shift_the_pages(client: JSONClient, alice: Headers, make_order: MakeOrder) -> None:
    orders = [make_order().pk for _ in range(5)]
    first = client.get(URL, {"page_size": 2}, **alice)
    make_order()
    second = client.get(first.json()["next"], **alice)
    third = client.get(second.json()["next"], **alice)
    assert [ids(page) for page in (first, second, third)] == [orders[:2:-1], orders[2:0:-1], orders[:1]]
    assert (third.json()["next"], urlsplit(first.json()["next"]).path) == (None, URL)
    assert ids(client.get(third.json()["previous"], **alice)) == ids(second)


def test_page_has_20_orders(client: JSONClient, alice: Headers, make_order: MakeOrder, make_product: Make) -> None:
    tea = make_product()
    for _ in range(21):
        make_order({tea: 1})
    answer = client.get(URL, **alice)
    assert (len(ids(answer)), answer.json()["next"] is None) == (20, False)


@pytest.mark.parametrize(
    "query", [{"page_size": "0"}, {"page_size": "101"}, {"page_size": "x"}, {"cursor": "x"}, {"cursor": "cD0nOyc="}]
)
def test_wrong_parameters_are_named(client: JSONClient, alice: Headers, query: dict[str, str]) -> None:
    answer = client.get(URL, query, **alice)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(query))


def test_number_of_queries_does_not_grow_with_the_orders(
    client: JSONClient, alice: Headers, make_order: MakeOrder, make_product: Make
) -> None:
    counts = []
    for number in (1, 9):
        for _ in range(number):
            make_order({make_product(): 1, make_product(): 2})
        with CaptureQueriesContext(connection) as queries:
            client.get(URL, **alice)
        counts.append(len(queries))
    assert counts == [3, 3]  # the customer, the orders, their items


def test_list_needs_sign_in(client: JSONClient, make_order: MakeOrder) -> None:
    make_order()
    answer = client.get(URL)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "tma")


def test_orders_have_no_list_but_the_own_one(client: JSONClient, alice: Headers) -> None:
    answer = client.get("/api/v1/orders", **alice)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
