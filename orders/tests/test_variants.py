"""Orders and quotes of variants."""

from typing import Any

import pytest

from catalog.models import Product, Variant
from conftest import Headers, JSONClient, Make
from orders.models import OrderItem
from orders.placing.cart import Cart

pytestmark = pytest.mark.django_db

ORDERS, QUOTE = "/api/v1/orders", "/api/v1/cart/quote"


@pytest.fixture
def shirt(make_product: Make) -> Product:
    """Return a product in two sizes: five S for 100 each, one M for 150."""
    product: Product = make_product(
        name="Shirt", option_names=["Size"], sku="S", price="100", stock=5, variant={"option_values": ["S"]}
    )
    Variant.objects.create(product=product, option_values=["M"], sku="M", price=150, stock=1, position=1)
    return product


def pk(sku: str) -> int:
    return Variant.objects.get(sku=sku).pk


def body(*items: tuple[str, int, int]) -> dict[str, Any]:
    """Return a cart of items by the name of the id, the id and the quantity."""
    return {"items": [{name: number, "quantity": quantity} for name, number, quantity in items]}


def test_each_variant_is_an_item_with_its_options_and_price(client: JSONClient, alice: Headers, shirt: Product) -> None:
    placed = client.post(ORDERS, body(("variant_id", pk("S"), 2), ("variant_id", pk("M"), 1)), **alice).json()
    shown = ("variant_id", "product_id", "name", "options", "sku", "price", "quantity")
    assert [tuple(item[name] for name in shown) for item in placed["items"]] == [
        (pk("S"), shirt.pk, "Shirt", ["S"], "S", "100.00", 2),
        (pk("M"), shirt.pk, "Shirt", ["M"], "M", "150.00", 1),
    ]
    assert placed["total"] == "350.00"
    assert dict(Variant.objects.values_list("sku", "stock")) == {"S": 3, "M": 0}
    shirt.refresh_from_db()
    assert shirt.is_available is True


def test_ordered_options_stay_when_the_catalog_changes(client: JSONClient, alice: Headers, shirt: Product) -> None:
    placed = client.post(ORDERS, body(("variant_id", pk("M"), 1)), **alice).json()
    Variant.objects.filter(sku="M").update(option_values=["Medium"], price=1, is_active=False)
    again = client.get(f"{ORDERS}/{placed['id']}", **alice).json()
    assert again["items"] == placed["items"]
    assert str(OrderItem.objects.get()) == "Shirt (M) × 1"


def test_product_with_several_variants_needs_a_choice(client: JSONClient, alice: Headers, shirt: Product) -> None:
    answer = client.post(ORDERS, body(("product_id", shirt.pk, 1)), **alice)
    assert (answer.status_code, answer.json()["code"]) == (409, "variant_required")
    assert answer.json()["items"] == [{"product_id": shirt.pk}]
    quote = client.post(QUOTE, body(("product_id", shirt.pk, 1), ("variant_id", pk("M"), 1))).json()
    assert [problem["code"] for problem in quote["problems"]] == ["variant_required"]
    assert (quote["total"], [item["variant_id"] for item in quote["items"]]) == ("150.00", [pk("M")])


def test_product_id_orders_the_only_variant_on_sale(client: JSONClient, alice: Headers, shirt: Product) -> None:
    Variant.objects.filter(sku="S").update(is_active=False)
    items = body(("product_id", shirt.pk, 1))
    assert client.post(ORDERS, items, **alice).json()["items"][0]["sku"] == "M"


def test_items_of_one_variant_by_either_id_are_one_item(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea = make_product(stock=3, price="100")
    items = body(("product_id", tea.pk, 1), ("variant_id", tea.variant_id, 2))
    placed = client.post(ORDERS, items, **alice).json()
    assert [(item["variant_id"], item["quantity"]) for item in placed["items"]] == [(tea.variant_id, 3)]
    more = client.post(ORDERS, items, **alice).json()
    assert more["items"] == [{"product_id": tea.pk, "variant_id": tea.variant_id, "requested": 3, "available": 0}]


@pytest.mark.parametrize("hidden", ["variant", "product"])
def test_hidden_variant_is_not_sold(client: JSONClient, alice: Headers, shirt: Product, hidden: str) -> None:
    if hidden == "variant":
        Variant.objects.filter(sku="M").update(is_active=False)
    else:
        Product.objects.update(is_active=False)
    answer = client.post(ORDERS, body(("variant_id", pk("M"), 1)), **alice)
    assert (answer.status_code, answer.json()["code"]) == (409, "product_unavailable")
    assert answer.json()["items"] == [{"variant_id": pk("M")}]


@pytest.mark.parametrize("item", [{}, {"variant_id": 1, "product_id": 1}, {"variant_id": None}, {"variant_id": "1"}])
def test_item_has_one_id(client: JSONClient, alice: Headers, item: dict[str, Any]) -> None:
    answer = client.post(ORDERS, {"items": [item | {"quantity": 1}]}, **alice)
    assert (answer.status_code, list(answer.json()["errors"]["items"]["0"])) == (400, ["variant_id"])


def test_fingerprint_of_a_cart_without_variants_is_that_of_before() -> None:
    """A request that is repeated after the update must find its order."""
    before = "d606e2d27130b63f54cb638f7aff6d893bef414a235e12944a9710d8c4c62a9e"
    assert Cart({7: 2, 5: 1}, contact_name="Anna").fingerprint() == before
    assert Cart({}, variants={7: 2}).fingerprint() != Cart({7: 2}).fingerprint()
