"""Admin pages of orders."""

import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from catalog.models import Variant
from conftest import Make
from orders.models import Order, OrderEvent, OrderItem
from testing.bot_api import DEADLINE
from testing.orders import MakeOrder, Snapshot
from testing.threads import beside

pytestmark = pytest.mark.django_db
LIST = "/admin/orders/order/"
STEPS = {"confirm": "confirmed", "ship": "shipped", "complete": "completed", "cancel": "cancelled"}
OFFERED = {
    "new": {"confirm", "cancel"},
    "confirmed": {"ship", "cancel"},
    "shipped": {"complete", "cancel"},
    "completed": set(),
    "cancelled": set(),
}


def page_of(order: Order) -> str:
    """Return the address of an order's page."""
    return reverse("admin:orders_order_change", args=[order.pk])


def buttons(html: str) -> set[str]:
    """Return the steps that a page offers."""
    return set(re.findall(r'name="orders_order_(\w+)"', html))


def said(answer: Any) -> list[tuple[str, str]]:
    """Return the admin's messages after an action."""
    return [(message.level_tag, str(message)) for message in get_messages(answer.wsgi_request)]


def press(browser: Client, order: Order, button: str) -> Any:
    """Press a button of an order's page."""
    return browser.post(page_of(order), formset_forms(order) | {f"orders_order_{button}": "1"})


def formset_forms(order: Order) -> dict[str, str]:
    """Return the hidden fields of the page's formsets, as a browser sends them."""
    prefixes = {"items": order.items.count(), "adjustments": 0, "events": order.events.count()}
    return {
        f"{prefix}-{name}": str(value)
        for prefix, number in prefixes.items()
        for name, value in {"TOTAL_FORMS": number, "INITIAL_FORMS": number}.items()
    }


# --- The page of an order ---------------------------------------------------------------------------------


def test_page_shows_money_items_and_history(
    office: Client, make_order: MakeOrder, make_product: Make, boss: User
) -> None:
    tea = make_product(name="Ivan <tea>", sku="TEA-1", price="1990.00")
    order = make_order({tea: 2}, phone="+79120000000", address="Mira 1", comment="Call <b>me</b>")
    html = office.get(page_of(order)).content.decode()
    for text in (
        f"№{order.number}",
        "RUB3,980.00",
        "Ivan &lt;tea&gt;",
        "TEA-1",
        "1990.00",
        "3980.00",
        "+79120000000",
        "Mira 1",
        "Call &lt;b&gt;me&lt;/b&gt;",
        "Alice",
    ):
        assert text in html
    assert f'href="{reverse("admin:accounts_user_change", args=[order.user_id])}"' in html


def test_nothing_on_the_page_can_be_edited(office: Client, make_order: MakeOrder, snapshot: Snapshot) -> None:
    order = make_order(comment="Call me")
    html = office.get(page_of(order)).content.decode()
    names = ("total", "status", "comment", "phone", "items-0-price", "items-0-quantity", "events-0-note")
    assert [name for name in names if f'name="{name}"' in html] == []
    before = (snapshot(), Order.objects.values().get(), OrderItem.objects.values().get())
    forged = {"total": "0.01", "status": "completed", "comment": "x", "items-0-price": "0.01", "items-0-id": "1"}
    office.post(page_of(order), formset_forms(order) | forged)
    assert (snapshot(), Order.objects.values().get(), OrderItem.objects.values().get()) == before


@pytest.mark.parametrize("status", OFFERED)
def test_page_offers_allowed_steps_only(office: Client, make_order: MakeOrder, status: str) -> None:
    order = make_order()
    Order.objects.update(status=status)
    assert buttons(office.get(page_of(order)).content.decode()) == OFFERED[status]


@pytest.mark.parametrize(
    ("status", "button"), [(status, each) for status in OFFERED for each in sorted(OFFERED[status])]
)
def test_button_changes_the_status_and_records_the_event(
    office: Client, make_order: MakeOrder, make_product: Make, boss: User, status: str, button: str
) -> None:
    order = make_order({make_product(stock=5): 2})
    Order.objects.update(status=status)
    answer = press(office, order, button)
    assert (answer.status_code, answer["Location"]) == (302, page_of(order))
    order.refresh_from_db()
    event = OrderEvent.objects.latest("pk")
    assert (order.status, event.from_status, event.to_status) == (STEPS[button], status, STEPS[button])
    assert (event.actor, order.events.count()) == (boss, 2)
    assert Variant.objects.get().stock == (5 if button == "cancel" else 3)
    assert said(answer) == [("success", f"№{order.number}: {STEPS[button]}.")]


@pytest.mark.parametrize(
    ("status", "button"), [(status, each) for status in OFFERED for each in STEPS if each not in OFFERED[status]]
)
def test_step_of_an_outdated_page_is_refused_with_a_message(
    office: Client, make_order: MakeOrder, snapshot: Snapshot, status: str, button: str
) -> None:
    order = make_order()
    Order.objects.update(status=status)
    before = (snapshot(), Order.objects.values().get())
    answer = press(office, order, button)
    assert said(answer) == [("error", f"№{order.number}: An order that is {status} cannot become {STEPS[button]}.")]
    assert (snapshot(), Order.objects.values().get()) == before


def test_viewing_a_page_writes_nothing(office: Client, make_order: MakeOrder, snapshot: Snapshot) -> None:
    order = make_order()
    before = (snapshot(), Order.objects.values().get())
    for address in (LIST, page_of(order), f"{page_of(order)}?orders_order_confirm=1"):
        assert office.get(address).status_code == 200
    assert (snapshot(), Order.objects.values().get()) == before


def test_orders_are_neither_added_nor_deleted_by_hand(office: Client, make_order: MakeOrder) -> None:
    order = make_order()
    assert office.get(f"{LIST}add/").status_code == 403
    assert office.post(page_of(order).replace("change", "delete"), {"post": "yes"}).status_code == 403
    office.post(LIST, {"action": "delete_selected", "_selected_action": [order.pk], "post": "yes"})
    assert Order.objects.count() == 1


def test_staff_with_view_permission_only_cannot_change_the_status(
    viewer: Client, make_order: MakeOrder, snapshot: Snapshot
) -> None:
    order = make_order()
    before = (snapshot(), Order.objects.values().get())
    answer = viewer.get(page_of(order))
    assert (answer.status_code, buttons(answer.content.decode())) == (200, set())
    press(viewer, order, "confirm")
    viewer.post(LIST, {"action": "confirm_selected", "_selected_action": [order.pk]})
    assert "confirm_selected" not in viewer.get(LIST).content.decode()
    assert (snapshot(), Order.objects.values().get()) == before


@pytest.mark.parametrize("address", [LIST, "/admin/notifications/notification/", "/admin/notifications/movedchat/"])
def test_customers_and_anonymous_users_are_redirected_to_sign_in(alice_user: User, address: str) -> None:
    customer = Client()
    customer.force_login(alice_user)
    for browser in (Client(), customer):
        assert browser.get(address)["Location"].startswith("/admin/login/")


# --- Lists ------------------------------------------------------------------------------------------------


def test_bulk_action_moves_allowed_orders_and_reports_the_others(
    office: Client, make_order: MakeOrder, boss: User
) -> None:
    orders = [make_order() for _ in range(4)]
    Order.objects.filter(pk=orders[1].pk).update(status="completed")
    ticked = {"action": "confirm_selected", "_selected_action": [order.pk for order in orders[:3]]}
    answer = office.post(LIST, ticked)
    statuses = list(Order.objects.order_by("pk").values_list("status", flat=True))
    assert statuses == ["confirmed", "completed", "confirmed", "new"]
    assert said(answer) == [
        ("error", f"№{orders[1].number}: An order that is completed cannot become confirmed."),
        ("success", f"№{orders[0].number}, №{orders[2].number}: confirmed."),
    ]


@pytest.mark.parametrize(("step", "before"), [("ship", "confirmed"), ("complete", "shipped"), ("cancel", "shipped")])
def test_each_bulk_action_sets_its_status(office: Client, make_order: MakeOrder, step: str, before: str) -> None:
    order = make_order()
    Order.objects.update(status=before)
    office.post(LIST, {"action": f"{step}_selected", "_selected_action": [order.pk]})
    order.refresh_from_db()
    assert order.status == STEPS[step]


@pytest.mark.parametrize("wanted", ["number", "phone", "name", "username"])
def test_search_finds_an_order(office: Client, make_order: MakeOrder, bob_user: User, wanted: str) -> None:
    make_order(user=bob_user)
    User.objects.filter(telegram_id=1001).update(telegram_username="alice_shops")
    order = make_order(phone="+7 999 123", contact_name="Anna Orlova")
    query = {"number": str(order.number), "phone": "999 123", "name": "orlova", "username": "alice_sh"}[wanted]
    found = office.get(LIST, {"q": query}).context["cl"].result_list
    assert [each.pk for each in found] == [order.pk]


def test_number_of_queries_of_the_list_does_not_grow(office: Client, make_order: MakeOrder) -> None:
    counts = []
    for number in (1, 9):
        for n in range(number):
            user = User.objects.create(username=f"{number}-{n}", first_name="N")
            make_order(user=user)
        with CaptureQueriesContext(connection) as queries:
            assert office.get(LIST).status_code == 200
        counts.append(len(queries))
    # Four are for the shop's name in two places, which a web process keeps in memory.
    assert counts[0] == counts[1] <= 14


def test_number_of_queries_of_a_page_does_not_grow(office: Client, make_order: MakeOrder, make_product: Make) -> None:
    counts = []
    for number in (1, 9):
        order = make_order({make_product(): 1 for _ in range(number)})
        for n in range(number):
            actor = User.objects.create(username=f"{number}-{n}", first_name="N")
            OrderEvent.objects.create(order=order, kind="status_changed", to_status="new", actor=actor)
        with CaptureQueriesContext(connection) as queries:
            assert office.get(page_of(order)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 19


@pytest.mark.django_db(transaction=True)
def test_locked_order_is_reported_and_the_others_are_moved(office: Client, make_order: MakeOrder) -> None:
    held, free = make_order(), make_order()
    ticked = {"action": "confirm_selected", "_selected_action": [held.pk, free.pk]}
    with transaction.atomic():
        Order.objects.select_for_update().get(pk=held.pk)
        with beside(lambda: office.post(LIST, ticked, follow=True), lock_timeout="200ms") as (answer, _backend):
            page = answer.result(DEADLINE).content.decode()
    assert f"№{held.number} is being changed right now." in page
    assert dict(Order.objects.values_list("pk", "status")) == {held.pk: "new", free.pk: "confirmed"}
