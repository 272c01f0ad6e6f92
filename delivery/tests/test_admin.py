"""Delivery methods and the delivery price of an order in the back office."""

from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from conftest import Headers, JSONClient, Make
from delivery.models import DeliveryMethod
from orders.delivery_price import agree_to_delivery_price
from orders.models import Order
from testing.html_forms import OpenPage

pytestmark = pytest.mark.django_db
METHODS, POINTS = "/admin/delivery/deliverymethod/", "/admin/delivery/pickuppoint/"


def page_of(order: Order) -> str:
    return f"/admin/orders/order/{order.pk}/change/"


def test_method_is_added_with_its_lists_line_by_line(office: Client) -> None:
    answer = OpenPage(office, f"{METHODS}add/").save(
        kind="courier", name="Courier", price="300", places=" Vologda \r\n\r\n160", slots="10–14\r\n14–18"
    )
    assert answer.status_code == 302, answer.content.decode()
    method = DeliveryMethod.objects.get()
    assert (method.places, method.slots, method.price) == (["Vologda", "160"], ["10–14", "14–18"], Decimal(300))
    assert method.history.count() == 1


@pytest.mark.parametrize(
    ("field", "value"), [("price", "-1"), ("price", "99999999999"), ("first_day", "61"), ("per_kg", "x")]
)
def test_wrong_value_is_named_and_nothing_is_saved(office: Client, field: str, value: str) -> None:
    answer = OpenPage(office, f"{METHODS}add/").save(kind="courier", name="Courier", **{field: value})
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors or "__all__" in answer.context["adminform"].form.errors
    assert not DeliveryMethod.objects.exists()


def test_page_that_was_open_while_another_changed_the_price_says_so(office: Client) -> None:
    method = DeliveryMethod.objects.create(kind="courier", name="Courier", price=300)
    page = OpenPage(office, f"{METHODS}{method.pk}/change/")
    DeliveryMethod.objects.update(price=500)
    assert page.save(name="Drone").status_code == 302
    method.refresh_from_db()
    assert (method.name, method.price) == ("Drone", Decimal(500))


def test_pickup_point_is_added(office: Client) -> None:
    method = DeliveryMethod.objects.create(kind="pickup", name="Pick-up", price=0)
    page = OpenPage(office, f"{POINTS}add/")
    assert page.save(method=str(method.pk), name="Shop", town="Vologda", address="Mira 1").status_code == 302
    assert [str(point) for point in method.pickup_points.all()] == ["Shop, Vologda, Mira 1"]


# --- The delivery price of an order -----------------------------------------------------------------------


@pytest.fixture
def waiting(client: JSONClient, alice: Headers, make_product: Make) -> Order:
    """Return an order whose delivery price the shop has to set."""
    method = DeliveryMethod.objects.create(kind="courier", name="By agreement", price=None)
    cart = {
        "items": [{"product_id": make_product(price="390.00").pk, "quantity": 1}],
        "delivery": {"method_id": method.pk, "address": "Mira 1"},
    }
    assert client.post("/api/v1/orders", cart, **alice).status_code == 201
    return Order.objects.get()


def press(office: Client, order: Order, price: str) -> list[str]:
    """Set the delivery price on the page of the order; return what the page says."""
    answer = OpenPage(office, page_of(order)).save(new_delivery_price=price, orders_order_set_delivery_price="1")
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_page_of_the_order_sets_the_price(office: Client, waiting: Order) -> None:
    html = office.get(page_of(waiting)).content.decode()
    assert "By agreement" in html
    assert 'name="orders_order_confirm"' not in html
    assert press(office, waiting, "250") == [
        f"№{waiting.number}: the customer is asked to agree to the delivery price."
    ]
    waiting.refresh_from_db()
    assert (waiting.delivery_price, waiting.total, waiting.delivery_agreed) == (Decimal(250), Decimal(640), False)


@pytest.mark.parametrize("price", ["", "-1", "x", "99999999999"])
def test_wrong_price_changes_nothing(office: Client, waiting: Order, price: str) -> None:
    press(office, waiting, price)
    waiting.refresh_from_db()
    assert waiting.delivery_price is None


def test_price_of_a_page_that_was_open_while_the_customer_agreed_is_refused(
    office: Client, waiting: Order, boss: User
) -> None:
    press(office, waiting, "250")
    page = OpenPage(office, page_of(waiting))
    agree_to_delivery_price(order_id=waiting.pk, price=Decimal(250), actor=waiting.user)
    page.save(new_delivery_price="900", orders_order_set_delivery_price="1")
    waiting.refresh_from_db()
    assert (waiting.delivery_price, waiting.delivery_agreed) == (Decimal(250), True)


def test_staff_who_may_only_view_orders_set_no_price(viewer: Client, waiting: Order) -> None:
    assert "new_delivery_price" not in viewer.get(page_of(waiting)).content.decode()
    viewer.post(page_of(waiting), {"new_delivery_price": "250", "orders_order_set_delivery_price": "1"})
    waiting.refresh_from_db()
    assert waiting.delivery_price is None
