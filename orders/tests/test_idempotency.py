"""Idempotency-Key of POST /api/v1/orders: one order per key."""

from contextlib import ExitStack
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings
from rest_framework.response import Response

from catalog.models import Product, Variant
from conftest import Headers, JSONClient, Make
from orders.lifecycle import change_status
from orders.models import Order, OrderEvent
from orders.statuses import Status
from testing.bot_api import DEADLINE
from testing.orders import Snapshot
from testing.threads import beside, wait_until_blocked

pytestmark = pytest.mark.django_db
URL = "/api/v1/orders"
IN_USE = {
    "type": "about:blank",
    "title": "Conflict",
    "status": 409,
    "detail": "The first request with this key is still under way.",
    "code": "idempotency_key_in_use",
}


def order(client: JSONClient, who: Headers, product: Product, quantity: int = 1, key: str = "k-1", **more: Any) -> Any:
    """Place an order with a key."""
    body = {"items": [{"product_id": product.pk, "quantity": quantity}], **more}
    return client.post(URL, body, HTTP_IDEMPOTENCY_KEY=key, **who)


def replayed(answer: Response) -> bool:
    """Return whether the response is that of an existing order."""
    assert (answer.status_code == 200) == (answer.get("Idempotent-Replayed") == "true")
    return answer.status_code == 200


def test_repeated_request_returns_the_existing_order(
    client: JSONClient, alice: Headers, make_product: Make, snapshot: Snapshot
) -> None:
    tea = make_product(stock=5)
    first = order(client, alice, tea, 2, comment="Call me")
    after_first = snapshot()
    second = order(client, alice, tea, 2, comment="Call me")
    assert (first.status_code, replayed(first)) == (201, False)
    assert replayed(second)
    assert second.json() == first.json()
    assert snapshot() == after_first
    assert (after_first["stock"], OrderEvent.objects.count()) == ({tea.variant_id: 3}, 1)


def test_reordered_and_split_items_are_the_same_request(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea, jam = make_product(), make_product()
    items = [{"product_id": tea.pk, "quantity": 2}, {"product_id": jam.pk, "quantity": 1}]
    split = [items[1], {"product_id": tea.pk, "quantity": 1}, {"product_id": tea.pk, "quantity": 1}]
    first = client.post(URL, {"items": items, "comment": ""}, HTTP_IDEMPOTENCY_KEY="k", **alice)
    second = client.post(URL, {"items": split}, HTTP_IDEMPOTENCY_KEY="k", **alice)
    assert (first.status_code, second.status_code) == (201, 200)


def test_replay_shows_the_current_order(client: JSONClient, alice: Headers, make_product: Make, boss: Any) -> None:
    tea = make_product()
    first = order(client, alice, tea).json()
    change_status(order_id=first["id"], to=Status.CONFIRMED, actor=boss)
    again = order(client, alice, tea)
    assert replayed(again)
    assert (again.json()["id"], again.json()["status"], len(again.json()["history"])) == (first["id"], "confirmed", 2)


@pytest.mark.parametrize(
    "more",
    [
        {"quantity": 2},
        {"comment": "other"},
        {"address": "other"},
        {"phone": "+79120000000"},
        {"contact_name": "other"},
        {"expected_total": "100.00"},
    ],
    ids=lambda more: next(iter(more)),
)
def test_reused_key_is_refused(
    client: JSONClient, alice: Headers, make_product: Make, snapshot: Snapshot, more: dict[str, Any]
) -> None:
    tea = make_product(stock=5)
    order(client, alice, tea)
    before = snapshot()
    answer = order(client, alice, tea, **more)
    assert answer.status_code == 422
    assert answer.json() == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "This Idempotency-Key was used for another order; take a new one.",
        "code": "idempotency_key_reused",
    }
    assert snapshot() == before


def test_reused_key_is_refused_even_when_out_of_stock(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea = make_product(stock=1)
    order(client, alice, tea)
    assert order(client, alice, tea, 9).json()["code"] == "idempotency_key_reused"


def test_key_of_one_customer_is_free_for_another(
    client: JSONClient, alice: Headers, bob: Headers, make_product: Make
) -> None:
    tea = make_product(stock=5)
    hers, his = order(client, alice, tea), order(client, bob, tea)
    assert (hers.status_code, his.status_code) == (201, 201)
    owners = Order.objects.order_by("pk").values_list("user__telegram_id", flat=True)
    assert (list(owners), replayed(order(client, bob, tea))) == ([1001, 1002], True)


def test_each_request_without_a_key_places_an_order(client: JSONClient, alice: Headers, make_product: Make) -> None:
    body = {"items": [{"product_id": make_product().pk, "quantity": 1}]}
    assert [client.post(URL, body, **alice).status_code for _ in range(2)] == [201, 201]


def test_quoted_key_equals_the_bare_one(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea = make_product()
    order(client, alice, tea, key='"8e03978e-40d5-43dd-bc93-6894a57f9324"')
    assert replayed(order(client, alice, tea, key="8e03978e-40d5-43dd-bc93-6894a57f9324"))


def test_keys_differ_by_case(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea = make_product()
    assert [order(client, alice, tea, key=key).status_code for key in ("k", "K")] == [201, 201]


def test_key_of_255_characters_is_accepted(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea = make_product()
    assert order(client, alice, tea, key="k" * 255).status_code == 201
    assert replayed(order(client, alice, tea, key=f'"{"k" * 255}"'))


@pytest.mark.parametrize("key", ["", '""', "k" * 256, "a b", " a", "a\t", "ключ", "é", "a\x7f", "a\0b"], ids=ascii)
def test_key_must_be_1_to_255_visible_ascii_characters(
    client: JSONClient, alice: Headers, make_product: Make, snapshot: Snapshot, key: str
) -> None:
    tea = make_product(stock=5)
    client.get("/api/v1/users/me", **alice)
    before = snapshot()
    answer = order(client, alice, tea, key=key)
    assert answer.status_code == 400
    message = "Write 1 to 255 visible ASCII characters, such as a UUID."
    assert answer.json()["errors"] == {"Idempotency-Key": [{"code": "invalid", "message": message}]}
    assert snapshot() == before


@pytest.mark.parametrize("changes", [{"stock": 0}, {"is_active": False}, {"price": "999.00"}], ids=str)
def test_replay_is_independent_of_the_current_stock(
    client: JSONClient, alice: Headers, make_product: Make, changes: dict[str, Any]
) -> None:
    tea = make_product(stock=1, price="100.00")
    first = order(client, alice, tea, expected_total="100.00")
    (Product if "is_active" in changes else Variant).objects.update(**changes)
    again = order(client, alice, tea, expected_total="100.00")
    assert replayed(again)
    assert again.json() == first.json()


def test_key_of_a_refused_request_can_be_used_again(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea = make_product(stock=0)
    assert order(client, alice, tea).json()["code"] == "out_of_stock"
    Variant.objects.update(stock=1)
    answer = order(client, alice, tea)
    assert (answer.status_code, replayed(answer)) == (201, False)


def test_corrected_request_may_use_the_key_of_the_refused_one(
    client: JSONClient, alice: Headers, make_product: Make
) -> None:
    tea = make_product(stock=1)
    assert order(client, alice, tea, 2).status_code == 409
    assert order(client, alice, tea, 1).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_second_request_waits_for_the_first_and_replays_it(
    client: JSONClient, alice: Headers, make_product: Make
) -> None:
    tea = make_product(stock=1)
    client.get("/api/v1/users/me", **alice)
    with ExitStack() as stack:
        with transaction.atomic():
            first = order(client, alice, tea)
            second, backend = stack.enter_context(beside(lambda: order(JSONClient(), alice, tea)))
            wait_until_blocked(backend)
        answer = second.result(DEADLINE)
    assert (first.status_code, replayed(answer)) == (201, True)
    assert answer.json() == first.json()


@pytest.mark.django_db(transaction=True)
def test_second_request_places_the_order_when_the_first_rolls_back(
    client: JSONClient, alice: Headers, make_product: Make
) -> None:
    tea = make_product(stock=1)
    client.get("/api/v1/users/me", **alice)
    with ExitStack() as stack:
        with transaction.atomic():
            first = order(client, alice, tea)
            second, backend = stack.enter_context(beside(lambda: order(JSONClient(), alice, tea)))
            wait_until_blocked(backend)
            transaction.set_rollback(True)
        answer = second.result(DEADLINE)
    assert (first.status_code, answer.status_code, replayed(answer)) == (201, 201, False)
    assert [each.pk for each in Order.objects.all()] == [answer.json()["id"]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("most_orders", [0, 5], ids=["unlimited", "limited"])
def test_second_request_is_refused_when_the_first_takes_too_long(
    client: JSONClient, alice: Headers, make_product: Make, settings: Settings, most_orders: int
) -> None:
    settings.OPEN_ORDERS_PER_CUSTOMER = most_orders
    tea = make_product(stock=None)
    client.get("/api/v1/users/me", **alice)
    with transaction.atomic():
        first = order(client, alice, tea)
        with beside(lambda: order(JSONClient(), alice, tea), lock_timeout="200ms") as (second, _backend):
            answer = second.result(DEADLINE)
    assert (first.status_code, answer.status_code, answer.json()) == (201, 409, IN_USE)
    assert Order.objects.count() == 1
    assert replayed(order(client, alice, tea))


@pytest.mark.django_db(transaction=True)
def test_second_request_that_times_out_on_the_product_of_the_first_can_be_repeated(
    client: JSONClient, alice: Headers, make_product: Make
) -> None:
    tea = make_product(stock=5)
    client.get("/api/v1/users/me", **alice)
    with transaction.atomic():
        first = order(client, alice, tea)
        with beside(lambda: order(JSONClient(), alice, tea), lock_timeout="200ms") as (second, _backend):
            answer = second.result(DEADLINE)
    assert (first.status_code, answer.status_code, answer.json()["code"]) == (201, 503, "busy")
    assert (Order.objects.count(), Variant.objects.get().stock) == (1, 4)
    assert replayed(order(client, alice, tea))


@pytest.mark.django_db(transaction=True)
def test_locked_variant_is_not_reported_as_a_key_in_use(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea = make_product(stock=5)
    client.get("/api/v1/users/me", **alice)
    with transaction.atomic():
        Variant.objects.select_for_update(no_key=True).get()
        with beside(lambda: order(JSONClient(), alice, tea), lock_timeout="200ms") as (request, _backend):
            answer = request.result(DEADLINE)
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "busy", "1")
    assert (Order.objects.count(), Variant.objects.get().stock) == (0, 5)
