"""Payment methods: the list, and the one that an order keeps."""

import pytest

from catalog.models import Product
from conftest import Headers, JSONClient, Make
from payments.models import PaymentMethod
from testing.constraints import assert_all_tested, assert_refused

pytestmark = pytest.mark.django_db
ORDERS, QUOTE, METHODS = "/api/v1/orders", "/api/v1/cart/quote", "/api/v1/payment-methods"


@pytest.fixture
def cash(db: None) -> PaymentMethod:
    method: PaymentMethod = PaymentMethod.objects.create(kind="cash", name="Cash", text="Have change ready", position=1)
    return method


@pytest.fixture
def tea(make_product: Make) -> Product:
    product: Product = make_product()
    return product


def body(tea: Product) -> dict[str, object]:
    return {"items": [{"product_id": tea.pk, "quantity": 1}]}


def test_methods_are_listed_in_the_shops_order(client: JSONClient, cash: PaymentMethod) -> None:
    first = PaymentMethod.objects.create(kind="transfer", name="Transfer", text="To the card")
    PaymentMethod.objects.create(kind="cash", name="Hidden", is_active=False)
    answer = client.get(METHODS)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "public, max-age=0, must-revalidate")
    assert answer.json() == [
        {"id": first.pk, "kind": "transfer", "name": "Transfer", "text": "To the card"},
        {"id": cash.pk, "kind": "cash", "name": "Cash", "text": "Have change ready"},
    ]


def test_order_keeps_name_and_text_of_the_method(
    client: JSONClient, alice: Headers, tea: Product, cash: PaymentMethod
) -> None:
    order = client.post(ORDERS, body(tea) | {"payment_method_id": cash.pk}, **alice).json()
    cash.delete()
    kept = client.get(f"{ORDERS}/{order['id']}", **alice).json()
    assert kept == order
    assert (kept["payment_method_id"], kept["payment_name"], kept["payment_text"], kept["total"]) == (
        order["payment_method_id"],
        "Cash",
        "Have change ready",
        "100.00",
    )


def test_order_without_a_method_is_refused_and_a_quote_needs_none(
    client: JSONClient, alice: Headers, tea: Product, cash: PaymentMethod
) -> None:
    assert client.post(QUOTE, body(tea)).json()["problems"] == []
    assert client.post(ORDERS, body(tea), **alice).json()["code"] == "payment_method_required"


def test_method_that_is_switched_off_is_refused(
    client: JSONClient, alice: Headers, tea: Product, cash: PaymentMethod
) -> None:
    PaymentMethod.objects.update(is_active=False)
    refused = client.post(ORDERS, body(tea) | {"payment_method_id": cash.pk}, **alice)
    assert refused.json()["code"] == "payment_method_unavailable"


def test_database_enforces_the_constraint(cash: PaymentMethod) -> None:
    assert_refused("payments_paymentmethod_kind_known", lambda: PaymentMethod.objects.update(kind="barter"))
    assert_all_tested("payments", ["payments_paymentmethod_kind_known"])
