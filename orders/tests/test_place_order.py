"""POST /api/v1/orders: placed orders. Refused requests are in test_place_order_refused.py."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.dispatch import Signal
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from catalog.models import Product, Variant
from conftest import Headers, JSONClient, Make
from orders.models import Order, OrderEvent, OrderItem
from orders.placing.cart import Cart
from orders.placing.service import place_order
from orders.signals import order_placed
from testing.orders import WITHOUT_CHOICES, item_json
from testing.stock import stock_of

pytestmark = pytest.mark.django_db
URL = "/api/v1/orders"


@contextmanager
def listening(signal: Signal, receiver: Callable[..., None]) -> Iterator[None]:
    """Connect a receiver for the duration of the block."""
    signal.connect(receiver)
    try:
        yield
    finally:
        signal.disconnect(receiver)


def cart(*items: tuple[Product, int], **fields: Any) -> dict[str, Any]:
    """Return the body of a request."""
    return {"items": [{"product_id": product.pk, "quantity": quantity} for product, quantity in items], **fields}


def test_order_has_all_fields(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea = make_product(name="Ivan tea", sku="TEA-1", price="390.00", stock=10)
    jam = make_product(name="Cloudberry jam", sku="JAM-1", price="0.50")
    answer = client.post(
        URL,
        cart(
            (jam, 1), (tea, 3), contact_name="Anna", phone="+7 912 345-67-89", address="Vologda", comment="Call me 🍵"
        ),
        **alice,
    )
    assert answer.status_code == 201
    order = Order.objects.get()
    at = order.created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert answer.json() == {
        "id": order.pk,
        "number": order.number,
        "status": "new",
        **WITHOUT_CHOICES,
        "subtotal": "1170.50",
        "total": "1170.50",
        "currency": "RUB",
        "contact_name": "Anna",
        "phone": "+7 912 345-67-89",
        "address": "Vologda",
        "comment": "Call me 🍵",
        "created_at": at,
        "updated_at": at,
        "items": [
            item_json(tea, 3, "1170.00"),
            item_json(jam, 1, "0.50"),
        ],
        "adjustments": [],
        "history": [{"kind": "placed", "from_status": "", "to_status": "new", "created_at": at}],
    }
    assert "Idempotent-Replayed" not in answer
    assert client.get(f"{URL}/{order.pk}", **alice).json() == answer.json()


def test_rows_are_written_together(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea, jam = make_product(stock=10), make_product(stock=None)
    client.post(URL, cart((tea, 3), (jam, 2)), **alice)
    order = Order.objects.get()
    customer = User.objects.get(telegram_id=1001)
    assert (order.user, order.status, str(order.total), order.currency) == (customer, "new", "500.00", "RUB")
    assert list(OrderItem.objects.order_by("pk").values_list("order", "product", "quantity", "stock_taken")) == [
        (order.pk, tea.pk, 3, True),
        (order.pk, jam.pk, 2, False),
    ]
    event = OrderEvent.objects.get()
    assert (event.order, event.kind, event.to_status, event.actor) == (order, "placed", "new", customer)
    assert event.dispatched_at is None  # the event is the outbox
    assert stock_of(tea) == 7


def test_price_in_the_request_is_refused(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea = make_product(price="390.00")
    body = {
        "items": [{"product_id": tea.pk, "quantity": 2, "price": "0.01", "total": "0.02", "name": "Free"}],
        "total": "0.02",
        "currency": "USD",
        "status": "completed",
        "user_id": 7,
        "id": 99,
    }
    answer = client.post(URL, body, **alice)
    assert answer.status_code == 400
    errors = answer.json()["errors"]
    assert errors.keys() == {"items", "total", "currency", "status", "user_id", "id"}
    assert errors["items"]["0"].keys() == {"price", "total", "name"}
    assert not Order.objects.exists()


def test_whole_number_may_have_a_decimal_point(client: JSONClient, alice: Headers, make_product: Make) -> None:
    """The OpenAPI file says integer, and 2.0 is one."""
    body = {"items": [{"product_id": float(make_product(pk=7).pk), "quantity": 2.0}]}
    item = client.post(URL, body, **alice).json()["items"][0]
    assert (item["product_id"], item["quantity"]) == (7, 2)
    assert type(item["quantity"]) is int


def test_order_keeps_name_and_price_when_the_product_changes(
    client: JSONClient, alice: Headers, make_product: Make
) -> None:
    tea = make_product(name="Ivan tea", sku="TEA-1", price="390.00")
    placed = client.post(URL, cart((tea, 1)), **alice).json()
    tea.name, tea.sku, tea.price, tea.is_active = "Gold tea", "GOLD", "9000.00", False
    tea.save()
    assert client.get(f"{URL}/{placed['id']}", **alice).json() == placed


def test_contact_is_taken_from_the_profile_where_the_cart_has_none(
    client: JSONClient, sign_in: Callable[..., Headers], make_product: Make
) -> None:
    anna = sign_in(1003, "Anna", last_name="Orlova")
    client.patch("/api/v1/users/me", {"phone": "+79120000000"}, **anna)
    tea = make_product()
    plain = client.post(URL, cart((tea, 1)), **anna).json()
    empty = client.post(URL, cart((tea, 1), contact_name="", phone=""), **anna).json()
    own = client.post(URL, cart((tea, 1), contact_name="Her mother", phone="+7 999 111"), **anna).json()
    assert [(answer["contact_name"], answer["phone"]) for answer in (plain, empty, own)] == [
        ("Anna Orlova", "+79120000000"),
        ("Anna Orlova", "+79120000000"),
        ("Her mother", "+7 999 111"),
    ]


def test_product_listed_twice_becomes_one_item(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea = make_product(price="10.00", stock=5)
    answer = client.post(URL, cart((tea, 2), (tea, 3)), **alice)
    assert answer.status_code == 201
    assert [(item["quantity"], item["total"]) for item in answer.json()["items"]] == [(5, "50.00")]
    assert stock_of(tea) == 0


def test_product_listed_twice_is_checked_against_stock_as_a_sum(
    client: JSONClient, alice: Headers, make_product: Make
) -> None:
    tea = make_product(stock=4)
    answer = client.post(URL, cart((tea, 2), (tea, 3)), **alice)
    assert answer.json()["items"] == [
        {"product_id": tea.pk, "variant_id": tea.variant_id, "requested": 5, "available": 4}
    ]


def test_999_pieces_and_100_items_are_accepted(client: JSONClient, alice: Headers, make_product: Make) -> None:
    products = [make_product(stock=999) for _ in range(100)]
    answer = client.post(URL, cart(*((product, 999) for product in products)), **alice)
    assert answer.status_code == 201
    assert [item["product_id"] for item in answer.json()["items"]] == [product.pk for product in products]
    assert set(Variant.objects.values_list("stock", flat=True)) == {0}


def test_uncounted_product_is_sold_and_stays_uncounted(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea = make_product(stock=None)
    assert client.post(URL, cart((tea, 999)), **alice).status_code == 201
    assert stock_of(tea) is None


@pytest.mark.parametrize("total", ["200.00", "200", "200.0"])
def test_correct_expected_total_is_accepted(client: JSONClient, alice: Headers, make_product: Make, total: str) -> None:
    assert client.post(URL, cart((make_product(), 2), expected_total=total), **alice).status_code == 201


def test_free_products_can_be_ordered(client: JSONClient, alice: Headers, make_product: Make) -> None:
    answer = client.post(URL, cart((make_product(price="0.00"), 1)), **alice)
    assert (answer.status_code, answer.json()["total"]) == (201, "0.00")


def test_largest_total_is_accepted(client: JSONClient, alice: Headers, make_product: Make) -> None:
    answer = client.post(URL, cart((make_product(price="9999999999.99"), 1)), **alice)
    assert (answer.status_code, answer.json()["total"]) == (201, "9999999999.99")


def test_url_with_a_trailing_slash_works(client: JSONClient, alice: Headers, make_product: Make) -> None:
    assert client.post(f"{URL}/", cart((make_product(), 1)), **alice).status_code == 201


def test_number_of_queries_does_not_grow_with_the_items(client: JSONClient, alice: Headers, make_product: Make) -> None:
    products = [make_product(stock=100) for _ in range(30)]
    client.post(URL, cart((products[0], 1)), **alice)  # creates the customer
    counts = []
    for number in (1, 30):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.post(URL, cart(*((each, 1) for each in products[:number])), **alice).status_code == 201
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_signal_is_sent_after_the_commit_with_order_and_event(
    client: JSONClient,
    alice: Headers,
    make_product: Make,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    heard: list[dict[str, Any]] = []
    body = cart((make_product(), 1))

    def receiver(**sent: Any) -> None:
        heard.append(sent)

    with listening(order_placed, receiver), django_capture_on_commit_callbacks(execute=True):
        assert client.post(URL, body, **alice).status_code == 201
        assert heard == []
    (sent,) = heard
    assert (sent["sender"], sent["order"], sent["event"]) == (Order, Order.objects.get(), OrderEvent.objects.get())


def test_no_signal_is_sent_for_a_refused_order(
    client: JSONClient,
    alice: Headers,
    make_product: Make,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        assert client.post(URL, cart((make_product(stock=0), 1)), **alice).status_code == 409
    assert callbacks == []


@pytest.mark.django_db(transaction=True)
def test_receiver_that_raises_harms_nothing(
    client: JSONClient, alice: Headers, make_product: Make, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[Order] = []

    def broken(**_sent: Any) -> None:
        raise RuntimeError("the CRM is down")

    def sound(order: Order, **_sent: Any) -> None:
        # Other connections see the order: this runs after the commit.
        assert not connection.in_atomic_block
        heard.append(order)

    with listening(order_placed, broken), listening(order_placed, sound):
        answer = client.post(URL, cart((make_product(), 1)), **alice)
    assert answer.status_code == 201
    assert [order.pk for order in heard] == [answer.json()["id"]]
    assert [record.levelno for record in caplog.records if "broken" in record.getMessage()] == [logging.ERROR]


def test_statement_is_planned_once_for_all_carts(alice_user: User, make_product: Make) -> None:
    """Planning takes longer than executing; PostgreSQL chooses a generic plan after five executions or never."""
    products = [make_product(stock=1000) for _ in range(4)]
    for number in range(12):
        place_order(user=alice_user, cart=Cart({product.pk: 1 for product in products[: 1 + number % 4]}))
    with connection.cursor() as cursor:
        cursor.execute("SELECT custom_plans, generic_plans > 0 FROM pg_prepared_statements WHERE statement ~ 'verdict'")
        assert cursor.fetchall() == [(5, True)]
