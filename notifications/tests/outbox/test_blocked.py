"""notifications.outbox: messages that wait behind a failing one are sent by e-mail, too."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now
from pytest_django import Settings

from notifications import outbox, tasks
from notifications.models import Notification
from orders.models import Order, OrderEvent
from testing.bot_api import BotAPIServer, refusal
from testing.orders import MakeOrder
from testing.threads import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]
CHAT, OTHER = "-100200300", "42"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _mailbox(settings: Settings) -> None:
    settings.MANAGER_CHAT_IDS, settings.ADMIN_EMAILS = [CHAT], ["a@example.org"]


def emailed() -> list[int]:
    """List the orders that have an e-mail in the outbox."""
    rows = Notification.objects.filter(channel="email").order_by("pk")
    return list(rows.values_list("event__order_id", flat=True))


def let_pass(time: timedelta) -> None:
    """Make all events and attempts older; what is scheduled stays."""
    OrderEvent.objects.update(created_at=F("created_at") - time)
    Notification.objects.filter(first_attempt_at__isnull=False).update(first_attempt_at=F("first_attempt_at") - time)


def orders_behind_a_failing_one(bot_api: BotAPIServer, make_order: MakeOrder, *failures: object) -> list[Order]:
    """Place two orders; the message of the first fails, that of the second is not tried."""
    orders = [make_order(), make_order()]
    bot_api.script(CHAT, *failures or [refusal(500, "Oops")])
    outbox.send_due("telegram", CHAT)
    assert [row.first_attempt_at is None for row in Notification.objects.order_by("pk")] == [False, True]
    return orders


@pytest.mark.parametrize("failure", [refusal(500, "Oops"), refusal(429, "Too Many Requests", retry_after=3600)])
def test_message_that_is_never_tried_is_sent_by_email(
    bot_api: BotAPIServer, make_order: MakeOrder, failure: object
) -> None:
    orders = orders_behind_a_failing_one(bot_api, make_order, failure)
    let_pass(9 * MINUTE)
    tasks.sweep(0)
    assert emailed() == []
    let_pass(2 * MINUTE)
    new = make_order()
    for _ in range(2):
        tasks.sweep(0)
    assert emailed() == [order.pk for order in orders]
    let_pass(11 * MINUTE)
    tasks.sweep(0)
    assert emailed() == [*(order.pk for order in orders), new.pk]


def test_workers_that_sweep_at_once_write_one_email_each(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    orders = orders_behind_a_failing_one(bot_api, make_order)
    let_pass(11 * MINUTE)
    assert together([outbox.fall_back_if_blocked] * 3) == [None] * 3
    assert emailed() == [order.pk for order in orders]


def test_no_email_after_a_stop_of_the_worker(bot_api: BotAPIServer, make_order: MakeOrder) -> None:
    orders_behind_a_failing_one(bot_api, make_order)
    let_pass(60 * MINUTE)
    Notification.objects.update(next_attempt_at=Now())
    tasks.sweep(0)
    assert emailed() == []


def test_no_email_about_what_another_chat_has(bot_api: BotAPIServer, make_order: MakeOrder, settings: Settings) -> None:
    settings.MANAGER_CHAT_IDS = [CHAT, OTHER]
    first, second = make_order(), make_order()
    bot_api.script(CHAT, refusal(500, "Oops"))
    outbox.send_due("telegram", CHAT)
    Notification.objects.filter(address=OTHER, event__order=first).update(status="sent")
    let_pass(11 * MINUTE)
    tasks.sweep(0)
    assert emailed() == []  # the other chat has not failed for the second order
    Notification.objects.filter(address=OTHER, event__order=second).update(status="failed")
    tasks.sweep(0)
    assert emailed() == [second.pk]
