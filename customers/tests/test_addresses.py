"""/api/v1/users/me/addresses: the addresses of a customer's orders."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts.models import User
from conftest import Headers, JSONClient, Make
from customers import receivers
from customers.addresses import MAX_ADDRESSES, save_address
from customers.models import SavedAddress
from orders.models import Order
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


def test_address_of_an_order_is_saved(client: JSONClient, alice: Headers, make_product: Make) -> None:
    order = place(client, alice, make_product().variant_id, "Вологда, Мира 1")
    saved = SavedAddress.objects.get()
    assert client.get(URL, **alice).json() == [
        {"id": saved.pk, "address": "Вологда, Мира 1", "used_at": order["created_at"]}
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
    place(client, alice, make_product().variant_id, "Мира 1")
    address = SavedAddress.objects.get()
    assert listed(client, bob) == []
    assert client.get(URL).status_code == 401
    assert client.delete(f"{URL}/{address.pk}", **bob).status_code == 404
    assert client.delete(f"{URL}/{address.pk}").status_code == 401
    assert listed(client, alice) == ["Мира 1"]
    assert client.delete(f"{URL}/{address.pk}", **alice).status_code == 204
    assert client.delete(f"{URL}/{address.pk}", **alice).status_code == 404
    assert listed(client, alice) == []


def test_order_is_placed_even_if_its_address_cannot_be_saved(
    client: JSONClient, alice: Headers, make_product: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(receivers, "save_address", fail)
    place(client, alice, make_product().variant_id, "Мира 1")
    assert Order.objects.count() == 1


def test_refused_order_saves_no_address(client: JSONClient, alice: Headers, make_product: Make) -> None:
    body = {"items": [{"variant_id": make_product(stock=0).variant_id, "quantity": 1}], "address": "Мира 1"}
    assert client.post(ORDERS, body, **alice).status_code == 409
    assert listed(client, alice) == []


def test_addresses_saved_at_once_are_at_most_five(alice_user: User) -> None:
    now = timezone.now()
    for number in range(MAX_ADDRESSES - 1):
        save_address(user=alice_user, address=f"Мира {number}", used_at=now - timedelta(days=1))
    saves = [
        lambda number=number: save_address(user=alice_user, address=f"Ленина {number}", used_at=now)
        for number in range(4)
    ]
    assert together(saves) == [None] * 4
    assert SavedAddress.objects.count() == MAX_ADDRESSES
    assert SavedAddress.objects.filter(address__startswith="Ленина").count() == 4


def test_same_address_saved_at_once_is_one_row(alice_user: User) -> None:
    now = timezone.now()
    times = [now - timedelta(seconds=second) for second in range(4)]
    saves = [lambda at=at: save_address(user=alice_user, address="Мира 1", used_at=at) for at in times]
    assert together(saves) == [None] * 4
    assert SavedAddress.objects.get().used_at == now


def test_addresses_are_deleted_with_their_customer(alice_user: User) -> None:
    save_address(user=alice_user, address="Мира 1", used_at=timezone.now())
    alice_user.delete()
    assert not SavedAddress.objects.exists()
