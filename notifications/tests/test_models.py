"""Constraints, indexes and `__str__` of the outbox models."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from notifications.dispatcher import dispatch
from notifications.models import MovedChat, Notification
from testing.constraints import assert_all_tested, assert_indexes_exist, assert_refused
from testing.orders import MakeOrder

pytestmark = pytest.mark.django_db


def another(row: Notification) -> None:
    """Insert a copy of a row."""
    row.pk = None
    row.save(force_insert=True)


VIOLATIONS: dict[str, Callable[[Notification], object]] = {
    "notifications_notification_once": another,
    "orders_notification_status_known": lambda row: Notification.objects.update(status="lost"),
}


@pytest.fixture
def notification(make_order: MakeOrder) -> Notification:
    """Return the notification about a new order."""
    make_order()
    dispatch()
    return Notification.objects.get()


@pytest.mark.parametrize("name", VIOLATIONS)
def test_database_enforces_the_constraint(notification: Notification, name: str) -> None:
    assert_refused(name, lambda: VIOLATIONS[name](notification))


def test_every_constraint_is_tested_and_has_an_error_message() -> None:
    assert_all_tested("notifications", VIOLATIONS)


def test_indexes_are_in_the_database() -> None:
    assert_indexes_exist("notifications")


def test_old_chat_has_one_new_chat() -> None:
    MovedChat.objects.create(old_chat_id="-1", new_chat_id="-1001")
    with pytest.raises(IntegrityError), transaction.atomic():
        MovedChat.objects.create(old_chat_id="-1", new_chat_id="-1002")


def test_str_needs_no_query(notification: Notification) -> None:
    with connection.execute_wrapper(lambda *_: pytest.fail("a query")):
        assert str(notification) == "Telegram -100200300"


def test_row_of_a_removed_channel_is_named_by_its_key(notification: Notification) -> None:
    notification.channel = "pigeon"
    assert str(notification) == "pigeon -100200300"


def test_row_written_by_the_previous_version_is_for_managers(notification: Notification) -> None:
    """The previous version knows neither audience, nor template, nor language."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_notification (event_id, channel, recipient, status, attempts, last_error, created_at)"
            " VALUES (%s, 'telegram', '-1', 'pending', 0, '', now()) RETURNING audience, template, language",
            [notification.event_id],
        )
        assert cursor.fetchone() == ("managers", "order", "")
