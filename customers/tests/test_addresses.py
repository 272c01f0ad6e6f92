"""/api/v1/users/me/addresses: the addresses of a customer's orders."""

from functools import partial
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from conftest import Headers, JSONClient, Make
from customers.addresses import forget_address, saved_addresses
from customers.models import ForgottenAddress
from delivery.models import DeliveryMethod
from orders.models import Order
from testing.orders import MakeOrder
from testing.threads import together

pytestmark = pytest.mark.django_db(transaction=True)
URL, ORDERS = "/api/v1/users/me/addresses", "/api/v1/orders"


def place(client: JSONClient, who: Headers, variant_id: int, address: str) -> Any:
    body = {"items": [{"variant_id": variant_id, "quantity": 1}], "address": address}
    answer = client.post(ORDERS, body, **who)
    assert answer.status_code == 201
    return answer.json()


def listed(client: JSONClient, who: Headers) -> list[str]:
    answer = client.get(URL, **who)
    assert answer.status_code == 200
    return [each["address"] for each in answer.json()]


def test_address_of_an_order_is_listed(client: JSONClient, alice: Headers, make_product: Make) -> None:
    order = place(client, alice, make_product().variant_id, "Вологда, Мира 1")
    assert client.get(URL, **alice).json() == [
        {"id": order["id"], "address": "Вологда, Мира 1", "used_at": order["created_at"]}
    ]


def test_last_used_address_is_first_and_kept_once(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea = make_product().variant_id
    for address in ("Мира 1", "Ленина 2", "", "  Мира  1 "):
        place(client, alice, tea, address)
    assert listed(client, alice) == ["Мира 1", "Ленина 2"]


def test_sixth_address_replaces_the_one_used_longest_ago(
    client: JSONClient, alice: Headers, make_product: Make
) -> None:
    tea = make_product().variant_id
    for number in (1, 2, 3, 4, 5, 1, 6):
        place(client, alice, tea, f"Мира {number}")
    assert listed(client, alice) == [f"Мира {number}" for number in (6, 1, 5, 4, 3)]


def test_addresses_belong_to_their_customer(
    client: JSONClient, alice: Headers, bob: Headers, make_product: Make
) -> None:
    order_id = place(client, alice, make_product().variant_id, "Мира 1")["id"]
    assert listed(client, bob) == []
    assert client.get(URL).status_code == 401
    assert client.delete(f"{URL}/{order_id}", **bob).status_code == 404
    assert client.delete(f"{URL}/{order_id}").status_code == 401
    assert listed(client, alice) == ["Мира 1"]


def test_deleted_address_comes_back_with_the_next_order_that_has_it(
    client: JSONClient, alice: Headers, make_product: Make
) -> None:
    tea = make_product().variant_id
    order_id = [place(client, alice, tea, "Мира 1")["id"] for _ in range(2)][-1]
    assert client.delete(f"{URL}/{order_id}", **alice).status_code == 204
    assert client.delete(f"{URL}/{order_id}", **alice).status_code == 404
    assert listed(client, alice) == []
    assert Order.objects.filter(address="Мира 1").count() == 2
    place(client, alice, tea, "Мира 1")
    assert listed(client, alice) == ["Мира 1"]


def test_address_deleted_in_two_tabs_is_forgotten_once(
    client: JSONClient, alice: Headers, alice_user: User, make_product: Make
) -> None:
    order_id = place(client, alice, make_product().variant_id, "Мира 1")["id"]
    delete = partial(forget_address, user=alice_user, order_id=order_id, now=timezone.now())
    results = together([delete] * 8)
    assert set(results) <= {True, False}
    assert ForgottenAddress.objects.count() == 1


def test_point_of_a_carrier_is_no_address(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea = make_product().variant_id
    method = DeliveryMethod.objects.create(kind="carrier_point", name="Carrier", price=0)
    choice = {"method_id": method.pk, "town": "Omsk", "address": "Point 7"}
    body = {"items": [{"variant_id": tea, "quantity": 1}], "delivery": choice}
    assert client.post(ORDERS, body, **alice).status_code == 201
    assert listed(client, alice) == []


def test_listing_takes_two_queries(
    alice_user: User, make_order: MakeOrder, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_order(address="Мира 1")
    with django_assert_num_queries(2):
        saved_addresses(alice_user)
