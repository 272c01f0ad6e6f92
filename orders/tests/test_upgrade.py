"""Migrations of orders with data: what customers read of an order stays the same."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection

from conftest import Headers, JSONClient, Make
from orders.models import Order
from testing.orders import MakeOrder

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _newest_schema(transactional_db: None) -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0)


def test_order_of_before_delivery_and_discounts_reads_the_same(
    client: JSONClient, alice: Headers, make_order: MakeOrder, make_product: Make
) -> None:
    order = make_order({make_product(price="390.00"): 2, make_product(price="0.50"): 1})
    path = f"/api/v1/orders/{order.pk}"
    plain = client.get(path, **alice).json()
    call_command("migrate", "orders", "0008", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET total = 750.50")
        cursor.execute(
            "INSERT INTO orders_orderadjustment (order_id, kind, label, amount)"
            " VALUES (%s, 'discount', 'Sale', -130), (%s, 'delivery', 'Courier', 100)",
            [order.pk, order.pk],
        )
    call_command("migrate", verbosity=0)
    read = client.get(path, **alice).json()
    adjustments = [
        {"kind": "discount", "label": "Sale", "amount": "-130.00"},
        {"kind": "delivery", "label": "Courier", "amount": "100.00"},
    ]
    assert read == plain | {"total": "750.50", "adjustments": adjustments}
    row = Order.objects.get()
    assert (row.subtotal, row.surcharge) == (Decimal("780.50"), Decimal(-30))
