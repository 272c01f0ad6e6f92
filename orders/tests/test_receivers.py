"""Whom an event of an order wakes the worker for."""

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from accounts.models import User
from orders.models import Notification, Order
from orders.services import change_status
from orders.tests.conftest import MakeOrder

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]
CHATS = ["-1", "-2"]
TO_CHATS = [{"channel": "telegram", "recipient": chat} for chat in CHATS]


@pytest.fixture
def order(make_order: MakeOrder, settings: Settings) -> Order:
    """Place an order in a shop with two chats, and empty the queue."""
    settings.MANAGER_CHAT_IDS, settings.ADMIN_EMAILS = CHATS, ["a@example.org"]
    order = make_order()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    return order


def jobs() -> list[dict[str, str]]:
    """List whom the queue is to wake."""
    return list(ProcrastinateJob.objects.order_by("pk").values_list("args", flat=True))


def test_new_order_wakes_every_manager(make_order: MakeOrder, settings: Settings) -> None:
    settings.MANAGER_CHAT_IDS = CHATS
    make_order()
    assert jobs() == TO_CHATS


@pytest.mark.parametrize("to", ["confirmed", "cancelled"])
def test_status_changed_by_staff_wakes_nobody(order: Order, boss: User, to: str) -> None:
    change_status(order_id=order.pk, to=to, actor=boss)
    assert Notification.objects.count() == len(CHATS)  # about the new order
    assert jobs() == []


def test_order_cancelled_by_its_customer_wakes_every_manager(order: Order) -> None:
    change_status(order_id=order.pk, to="cancelled", actor=order.user)
    assert jobs() == TO_CHATS
