"""POST /api/v1/cart/quote: the price and the problems of a cart, without an order."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import Headers, JSONClient, Make
from testing.orders import Snapshot, item_json

pytestmark = pytest.mark.django_db
URL = "/api/v1/cart/quote"


def cart(*items: tuple[int, int]) -> dict[str, Any]:
    """Return a cart of (product id, quantity) pairs."""
    return {"items": [{"product_id": product_id, "quantity": quantity} for product_id, quantity in items]}


def test_quote_has_all_fields(client: JSONClient, make_product: Make) -> None:
    tea = make_product(name="Tea", sku="T", price="390.00", stock=5)
    answer = client.post(URL, cart((tea.pk, 2), (tea.pk, 1)))
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert answer.json() == {
        "items": [item_json(tea, 3, "1170.00")],
        "adjustments": [],
        "subtotal": "1170.00",
        "discount": "0.00",
        "delivery_price": "0.00",
        "promo": None,
        "total": "1170.00",
        "currency": "RUB",
        "problems": [],
    }


def test_all_problems_are_reported_together(client: JSONClient, make_product: Make) -> None:
    few, gone, fine = make_product(stock=2), make_product(is_active=False), make_product(price="10.00")
    answer = client.post(URL, cart((few.pk, 3), (gone.pk, 1), (fine.pk, 1))).json()
    assert [item["product_id"] for item in answer["items"]] == [few.pk, fine.pk]
    assert (answer["total"], answer["problems"]) == (
        "310.00",
        [
            {
                "code": "product_unavailable",
                "detail": "Some products are not sold any more.",
                "items": [{"product_id": gone.pk}],
            },
            {
                "code": "out_of_stock",
                "detail": "There is not enough left of some products.",
                "items": [{"product_id": few.pk, "variant_id": few.variant_id, "requested": 3, "available": 2}],
            },
        ],
    )


def test_problems_are_in_the_language_of_the_client(client: JSONClient, make_product: Make) -> None:
    body = cart((make_product(is_active=False).pk, 1))
    answer = client.post(URL, body, HTTP_ACCEPT_LANGUAGE="ru").json()
    assert answer["problems"][0]["detail"] == "Некоторые товары больше не продаются."


def test_problem_of_a_quote_equals_the_error_of_the_order(
    client: JSONClient, alice: Headers, make_product: Make
) -> None:
    body = cart((make_product(stock=0).pk, 1))
    (problem,) = client.post(URL, body).json()["problems"]
    refused = client.post("/api/v1/orders", body, **alice).json()
    assert problem == {name: refused[name] for name in problem}


def test_quote_writes_nothing_and_reserves_nothing(client: JSONClient, make_product: Make, snapshot: Snapshot) -> None:
    body = cart((make_product(stock=1).pk, 1))
    before = snapshot()
    assert [client.post(URL, body).json()["problems"] for _ in range(2)] == [[], []]
    assert snapshot() == before


def test_sign_in_is_optional_and_wrong_init_data_is_refused(
    client: JSONClient, alice: Headers, make_product: Make
) -> None:
    body = cart((make_product().pk, 1))
    assert client.post(URL, body, **alice).status_code == 200
    refused = client.post(URL, body, HTTP_AUTHORIZATION="tma hash=0")
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "tma")


@pytest.mark.parametrize(
    "body",
    [
        [],
        [{}],
        ["items"],
        {},
        {"items": []},
        {"items": [{"product_id": 1}]},
        {"items": [{"product_id": "1", "quantity": 1}]},
    ],
)
def test_malformed_cart_is_refused_as_by_an_order(client: JSONClient, alice: Headers, body: Any) -> None:
    quoted, ordered = client.post(URL, body), client.post("/api/v1/orders", body, **alice)
    assert (quoted.status_code, quoted.json()) == (ordered.status_code, ordered.json()) == (400, ordered.json())


def test_number_of_queries_of_a_quote_does_not_grow(client: JSONClient, make_product: Make) -> None:
    products = [make_product() for _ in range(30)]
    for number in (1, 30):
        with CaptureQueriesContext(connection) as queries:
            client.post(URL, cart(*((product.pk, 1) for product in products[:number])))
        # All but one read settings, delivery methods and promotions, which a process with a listener caches.
        assert len(queries) == 6
