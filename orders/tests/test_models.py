"""Constraints and indexes in the database."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection, models
from django.db.models import F

from accounts.models import User
from orders.models import Order, OrderEvent, OrderItem
from testing.constraints import assert_all_tested, assert_indexes_exist, assert_refused
from testing.orders import MakeOrder

pytestmark = pytest.mark.django_db


def another(row: models.Model, **fields: object) -> None:
    """Insert a copy of a row that differs in some fields."""
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    type(row)._default_manager.create(**values | fields)


VIOLATIONS: dict[str, Callable[[Order], object]] = {
    "orders_order_status_known": lambda order: Order.objects.update(status="lost"),
    "orders_order_total_not_negative": lambda order: Order.objects.update(
        total=Decimal("-0.01"), surcharge=Decimal("-0.01") - order.subtotal
    ),
    "orders_order_total_is_sum": lambda order: Order.objects.update(delivery_price=300),
    "orders_order_discount_of_products": lambda order: Order.objects.update(
        discount=order.subtotal + 1, surcharge=1, total=0
    ),
    "orders_order_delivery_price_not_negative": lambda order: Order.objects.update(
        delivery_price=-1, total=order.total - 1
    ),
    "orders_order_delivery_agreed": lambda order: Order.objects.update(status="confirmed", delivery_agreed=False),
    "orders_order_idempotency_key_once": lambda order: another(order),
    "orders_orderitem_variant_once": lambda order: another(order.items.get()),
    "orders_orderitem_quantity_positive": lambda order: OrderItem.objects.update(quantity=0),
    "orders_orderitem_price_not_negative": lambda order: OrderItem.objects.update(price=Decimal("-0.01")),
    "orders_orderitem_discount_of_item": lambda order: OrderItem.objects.update(discount=F("price") * 2 + 1),
    "orders_orderevent_kind_known": lambda order: OrderEvent.objects.update(kind="eaten"),
    "orders_orderevent_statuses_known": lambda order: OrderEvent.objects.update(to_status="lost"),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_database_enforces_the_constraint(make_order: MakeOrder, name: str) -> None:
    order = make_order(key="k-1")
    assert_refused(name, lambda: VIOLATIONS[name](order))


def test_every_constraint_is_tested_and_has_an_error_message() -> None:
    assert_all_tested("orders", VIOLATIONS)


def test_indexes_are_in_the_database() -> None:
    assert_indexes_exist("orders")


def test_orders_without_a_key_do_not_collide(make_order: MakeOrder) -> None:
    assert {make_order().idempotency_key, make_order().idempotency_key} == {None}


def test_customer_and_product_of_an_order_cannot_be_deleted(make_order: MakeOrder, alice_user: User) -> None:
    order = make_order()
    with pytest.raises(models.ProtectedError):
        alice_user.delete()
    with pytest.raises(models.ProtectedError):
        order.items.get().product.delete()


def test_actor_of_an_event_can_be_deleted(make_order: MakeOrder, boss: User) -> None:
    event = make_order().events.get()
    OrderEvent.objects.update(actor=boss)
    boss.delete()
    event.refresh_from_db()
    assert event.actor is None


def test_str_needs_no_query(make_order: MakeOrder) -> None:
    order = make_order()
    item, event = OrderItem.objects.get(), OrderEvent.objects.get()
    with connection.execute_wrapper(lambda *_: pytest.fail("a query")):
        texts = [str(row) for row in (order, item, event)]
    assert texts == [
        f"№{order.number}",
        f"{item.name} × 2",
        f"{order.pk}: placed",
    ]
