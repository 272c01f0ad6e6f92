"""Admin pages of notifications and moved chats."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags
from procrastinate.contrib.django.models import ProcrastinateJob

from notifications.dispatcher import dispatch
from notifications.models import MovedChat, Notification
from orders.models import OrderEvent
from orders.tests.test_admin import LIST, said
from testing.orders import MakeOrder

pytestmark = pytest.mark.django_db
NOTIFICATIONS = "/admin/notifications/notification/"


@pytest.fixture
def failed(make_order: MakeOrder) -> Notification:
    """Return a failed notification."""
    make_order()
    dispatch()
    dispatch()
    Notification.objects.update(status="failed", attempts=9, last_error="403: Forbidden: bot was kicked")
    return Notification.objects.get()


def test_list_shows_failures_with_their_errors(office: Client, failed: Notification) -> None:
    html = office.get(NOTIFICATIONS).content.decode()
    assert "403: Forbidden: bot was kicked" in html
    assert "-100200300" in html


def badge(office: Client) -> str:
    """Return the side bar's link to the notifications; its first word is the name of the icon."""
    html = office.get(LIST).content.decode()
    link = html[html.index(f'href="{NOTIFICATIONS}"') :]
    return " ".join(strip_tags(link[link.index(">") + 1 : link.index("</a>")]).split())


def test_side_bar_counts_failures_on_every_page(office: Client, failed: Notification) -> None:
    assert badge(office) == "notifications Notifications 1"
    Notification.objects.update(status="sent")
    assert badge(office) == "notifications Notifications"


FAILING = {"attempts": 3, "last_error": "502: Bad Gateway"}


@pytest.mark.parametrize(
    ("tried", "due", "fields", "counted"),
    [
        (None, 0, {}, False),
        (0, 5, FAILING, False),
        (9, 5, FAILING, False),
        (11, 5, FAILING, True),
        (11, 5, FAILING | {"last_error": "429: Too Many Requests"}, True),
        (11, 5, FAILING | {"status": "sent"}, False),
        (60, 5, FAILING | {"status": "failed"}, True),
        (None, -9, {}, False),
        (None, -11, {}, True),
        (None, -11, {"status": "sent"}, False),
    ],
    ids=[
        "new",
        "just failed",
        "failing for 9 minutes",
        "failing for 11 minutes",
        "held by Telegram for 11 minutes",
        "sent at last",
        "given up",
        "left lying for 9 minutes",
        "left lying for 11 minutes: no worker runs",
        "sent at once",
    ],
)
def test_side_bar_counts_late_notifications(
    office: Client, make_order: MakeOrder, tried: int | None, due: int, fields: dict[str, Any], counted: bool
) -> None:
    """In minutes: time since the first attempt, time until due."""
    make_order()
    dispatch()
    Notification.objects.update(
        first_attempt_at=None if tried is None else Now() - timedelta(minutes=tried),
        next_attempt_at=Now() + timedelta(minutes=due),
        **fields,
    )
    assert badge(office) == "notifications Notifications" + " 1" * counted
    html = office.get(f"{NOTIFICATIONS}?undelivered=yes").content.decode()
    assert ("-100200300" in html) is counted


def test_order_page_shows_why_a_message_has_not_arrived(office: Client, make_order: MakeOrder) -> None:
    order = make_order()
    dispatch()
    page = reverse("admin:orders_order_change", args=[order.pk])
    assert "Telegram -100200300: pending<" in " ".join(office.get(page).content.decode().split()).replace(" <", "<")
    Notification.objects.update(last_error="502: Bad <Gateway>")
    assert "Telegram -100200300: pending (502: Bad &lt;Gateway&gt;)" in office.get(page).content.decode()


@pytest.mark.usefixtures("empty_queue")
@pytest.mark.django_db(transaction=True)
def test_send_again_resets_the_row_and_wakes_the_worker(office: Client, failed: Notification) -> None:
    answer = office.post(NOTIFICATIONS, {"action": "send_again", "_selected_action": [failed.pk]})
    failed.refresh_from_db()
    assert (failed.status, failed.attempts, failed.last_error) == ("pending", 0, "")
    assert said(answer) == [("success", "They are on their way again.")]
    jobs = ProcrastinateJob.objects.filter(task_name="notifications.send")
    assert [job.args for job in jobs] == [{"channel": "telegram", "address": "-100200300"}]


def test_staff_with_view_permission_only_cannot_send_again(viewer: Client, failed: Notification) -> None:
    assert viewer.get(NOTIFICATIONS).status_code == 200
    viewer.post(NOTIFICATIONS, {"action": "send_again", "_selected_action": [failed.pk]})
    failed.refresh_from_db()
    assert (failed.status, failed.attempts) == ("failed", 9)


def test_overdue_event_is_counted_as_undelivered(office: Client, make_order: MakeOrder) -> None:
    event = make_order().events.get()
    assert badge(office) == "notifications Notifications"
    OrderEvent.objects.update(created_at=Now() - timedelta(minutes=11))
    assert badge(office) == "notifications Notifications 1"
    dispatch()
    event.refresh_from_db()
    assert (event.dispatched_at is not None, badge(office)) == (True, "notifications Notifications")


def test_notifications_are_filtered_by_channel(office: Client, failed: Notification) -> None:
    assert "-100200300" in office.get(f"{NOTIFICATIONS}?channel=telegram").content.decode()
    assert "-100200300" not in office.get(f"{NOTIFICATIONS}?channel=email").content.decode()


def test_notifications_cannot_be_edited(office: Client, failed: Notification) -> None:
    page = reverse("admin:notifications_notification_change", args=[failed.pk])
    assert office.get(page).status_code == 200
    assert office.post(page, {"status": "sent", "address": "1"}).status_code == 403
    assert office.get(f"{NOTIFICATIONS}add/").status_code == 403
    assert office.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 403
    failed.refresh_from_db()
    assert (failed.status, failed.address) == ("failed", "-100200300")


def test_moved_chat_can_be_deleted_but_not_added(office: Client, viewer: Client) -> None:
    moved = MovedChat.objects.create(old_chat_id="-1", new_chat_id="-1001")
    delete = reverse("admin:notifications_movedchat_delete", args=[moved.pk])
    assert "-1001" in office.get("/admin/notifications/movedchat/").content.decode()
    assert office.get("/admin/notifications/movedchat/add/").status_code == 403
    assert viewer.post(delete, {"post": "yes"}).status_code == 403
    assert MovedChat.objects.exists()
    assert office.post(delete, {"post": "yes"}).status_code == 302
    assert not MovedChat.objects.exists()


def test_number_of_queries_of_the_list_does_not_grow(office: Client, make_order: MakeOrder) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            make_order()
        dispatch()
        with CaptureQueriesContext(connection) as queries:
            assert office.get(NOTIFICATIONS).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
