"""Adjustments of other apps: in the total, on the order, and their records in its transaction."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from catalog.models import Variant
from conftest import Headers, JSONClient, Make
from orders.models import Order, OrderAdjustment
from orders.placing.cart import Cart, Checkout
from orders.placing.pricing import Quote
from orders.placing.service import place_order
from testing.orders import MakeOrder, Snapshot

pytestmark = pytest.mark.django_db
URL = "/api/v1/orders"


def courier(quote: Quote, checkout: Checkout) -> Quote:
    """Add 100, and mark the order in its comment."""

    quote = quote.with_delivery("Courier", Decimal("100.00"))

    def mark(order_id: int) -> None:
        Order.objects.filter(pk=order_id).update(comment=f"recorded {quote.total}")

    return quote.with_record(mark)


def discount(quote: Quote, checkout: Checkout) -> Quote:
    """Subtract 30."""
    return quote.with_discount("Spring % sale", Decimal("30.00"))


def fails_to_record(quote: Quote, checkout: Checkout) -> Quote:
    """Refuse the order while recording."""

    def fail(order_id: int) -> None:
        raise LookupError("used up meanwhile")

    return quote.with_record(fail)


@pytest.fixture(autouse=True)
def _two_adjustments(settings: Settings) -> None:
    settings.ORDER_ADJUSTMENTS = [f"{__name__}.discount", f"{__name__}.courier"]


def test_adjustments_are_saved_in_the_order_of_the_settings(
    client: JSONClient, alice: Headers, make_product: Make
) -> None:
    body = {"items": [{"product_id": make_product(price="390.00").pk, "quantity": 1}], "expected_total": "460.00"}
    answer = client.post(URL, body, **alice)
    shown = [
        {"kind": "discount", "label": "Spring % sale", "amount": "-30.00"},
        {"kind": "delivery", "label": "Courier", "amount": "100.00"},
    ]
    assert (answer.status_code, answer.json()["total"], answer.json()["adjustments"]) == (201, "460.00", shown)
    order = Order.objects.get()
    assert order.comment == "recorded 460.00"
    assert client.get(f"{URL}/{order.pk}", **alice).json()["adjustments"] == shown
    (listed,) = client.get(f"{URL}/my", **alice).json()["results"]
    assert (listed["total"], listed["adjustments"]) == ("460.00", shown)


def test_quote_has_the_adjustments(client: JSONClient, make_product: Make) -> None:
    body = {"items": [{"product_id": make_product(price="390.00").pk, "quantity": 1}]}
    answer = client.post("/api/v1/cart/quote", body).json()
    assert (answer["subtotal"], answer["total"], len(answer["adjustments"])) == ("390.00", "460.00", 2)


def test_order_keeps_its_adjustments_when_the_settings_change(make_order: MakeOrder, settings: Settings) -> None:
    order = make_order()
    settings.ORDER_ADJUSTMENTS = []
    assert [str(each) for each in OrderAdjustment.objects.filter(order=order).order_by("pk")] == [
        "Spring % sale: -30.00",
        "Courier: 100.00",
    ]


@pytest.mark.django_db(transaction=True)
def test_order_is_rolled_back_if_an_adjustment_cannot_be_recorded(
    make_product: Make, alice_user: User, snapshot: Snapshot, settings: Settings
) -> None:
    settings.ORDER_ADJUSTMENTS = [f"{__name__}.fails_to_record"]
    tea = make_product(stock=5)
    before = snapshot()
    with pytest.raises(LookupError):
        place_order(user=alice_user, cart=Cart({tea.pk: 1}))
    assert snapshot() == before


def test_repeated_request_is_recorded_once(make_product: Make, alice_user: User) -> None:
    tea = make_product(stock=5)
    first, is_new = place_order(user=alice_user, cart=Cart({tea.pk: 1}), idempotency_key="one")
    Order.objects.update(comment="")
    again, is_new_again = place_order(user=alice_user, cart=Cart({tea.pk: 1}), idempotency_key="one")
    assert (is_new, is_new_again, again, again.comment) == (True, False, first, "")
    assert (Variant.objects.get().stock, OrderAdjustment.objects.count()) == (4, 2)


def test_admin_page_of_the_order_shows_its_adjustments(office: Client, make_order: MakeOrder) -> None:
    html = office.get(reverse("admin:orders_order_change", args=[make_order().pk])).content.decode()
    assert "Spring % sale" in html
    assert "-30.00" in html
