"""The audience of managers: events and addresses."""

from decimal import Decimal

import pytest
from pytest_django import Settings

from accounts.models import User
from delivery.models import DeliveryMethod
from notifications.audiences import managers, managers_by_email
from orders.delivery_price import agree_to_delivery_price, set_delivery_price
from orders.events import Message
from orders.lifecycle import change_status
from orders.models import Order, OrderEvent
from orders.placing.cart import DeliveryChoice
from testing.orders import MakeOrder

pytestmark = pytest.mark.django_db
CHAT = Message("managers", "telegram", "-100200300", "order", "en")


def newest_event(order: Order) -> OrderEvent:
    """Return the newest event of an order, as the dispatcher reads it."""
    return OrderEvent.objects.select_related("order").filter(order=order).latest("pk")


def test_every_chat_is_notified_of_a_new_order(make_order: MakeOrder, settings: Settings) -> None:
    settings.MANAGER_CHAT_IDS, settings.ADMIN_EMAILS = ["-1", "2"], ["a@example.org"]
    messages = list(managers(newest_event(make_order())))
    assert [(message.channel, message.address) for message in messages] == [("telegram", "-1"), ("telegram", "2")]


def test_without_chats_the_mailboxes_are_notified(make_order: MakeOrder, settings: Settings) -> None:
    settings.MANAGER_CHAT_IDS, settings.ADMIN_EMAILS = [], ["a@example.org", "b@example.org"]
    event = newest_event(make_order())
    assert list(managers(event)) == list(managers_by_email(event))
    assert [(message.channel, message.address) for message in managers(event)] == [
        ("email", "a@example.org"),
        ("email", "b@example.org"),
    ]


def test_managers_are_notified_of_a_cancel_by_the_customer(make_order: MakeOrder, alice_user: User) -> None:
    order = change_status(order_id=make_order().pk, to="cancelled", actor=alice_user)
    assert list(managers(newest_event(order))) == [CHAT]


@pytest.mark.parametrize("to", ["cancelled", "confirmed"])
def test_managers_are_not_notified_of_changes_by_staff(make_order: MakeOrder, boss: User, to: str) -> None:
    order = change_status(order_id=make_order().pk, to=to, actor=boss)
    assert list(managers(newest_event(order))) == []


def test_managers_are_notified_of_the_customers_agreement_and_not_of_their_own_price(
    make_order: MakeOrder, boss: User
) -> None:
    method = DeliveryMethod.objects.create(kind="digital", name="By agreement", price=None)
    order = make_order(delivery=DeliveryChoice(method.pk))
    set_delivery_price(order_id=order.pk, price=Decimal(250), actor=boss)
    assert list(managers(newest_event(order))) == []
    agree_to_delivery_price(order_id=order.pk, price=Decimal(250), actor=order.user)
    assert list(managers(newest_event(order))) == [CHAT]


def test_managers_are_notified_of_an_automatic_cancel(make_order: MakeOrder) -> None:
    order = change_status(order_id=make_order().pk, to="cancelled", actor=None, note="Too late.")
    assert list(managers(newest_event(order))) == [CHAT]
    order = change_status(order_id=make_order().pk, to="confirmed", actor=None)
    assert list(managers(newest_event(order))) == []
