"""The page of a product whose variants another member of staff adds or deletes."""

import pytest
from django.test import Client

from catalog.models import Product, Variant
from catalog.tests.concurrent_edits.pages import said
from catalog.tests.test_admin import page_of
from conftest import Make
from orders.models import OrderItem
from testing.html_forms import OpenPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def shirt(make_product: Make) -> Product:
    """Return a product in the sizes S and M."""
    product: Product = make_product(option_names=["Size"], sku="S", variant={"option_values": ["S"]})
    Variant.objects.create(product=product, sku="M", option_values=["M"], price=100, position=1)
    return product


def skus() -> list[str]:
    return [*Variant.objects.order_by("sku").values_list("sku", flat=True)]


WITH_COLOUR = {
    "option_names": "Size; colour",
    "variants-0-option_values": "S; red",
    "variants-1-option_values": "M; red",
}
NEW = {"variants-TOTAL_FORMS": "3", "variants-2-price": "100", "variants-2-position": "0", "variants-2-is_active": "on"}


def test_variant_is_added_and_another_deleted(admin_client: Client, shirt: Product) -> None:
    page = OpenPage(admin_client, page_of(shirt))
    change = {"variants-2-sku": "L", "variants-2-option_values": "L", "variants-0-DELETE": "on"}
    assert page.save(**NEW | change).status_code == 302
    assert skus() == ["L", "M"]


def test_two_variants_swap_their_options(admin_client: Client, shirt: Product) -> None:
    page = OpenPage(admin_client, page_of(shirt))
    assert page.save(**{"variants-0-option_values": "M", "variants-1-option_values": "S"}).status_code == 302
    assert dict(Variant.objects.values_list("sku", "option_values")) == {"S": ["M"], "M": ["S"]}


def test_two_who_delete_one_of_two_variants_each_leave_one(admin_client: Client, shirt: Product) -> None:
    first, second = (OpenPage(admin_client, page_of(shirt)) for _ in range(2))
    assert first.save(**{"variants-0-DELETE": "on"}).status_code == 302
    assert second.save(**{"variants-1-DELETE": "on"}).status_code == 200
    assert "A product needs at least one variant." in second.html
    assert skus() == ["M"]


def test_deleted_variant_is_no_obstacle_to_another_change(admin_client: Client, shirt: Product) -> None:
    page = OpenPage(admin_client, page_of(shirt))
    Variant.objects.filter(sku="S").delete()
    assert page.save(description="New").status_code == 302
    shirt.refresh_from_db()
    assert (shirt.description, skus()) == ("New", ["M"])


def test_change_of_a_deleted_variant_is_refused(admin_client: Client, shirt: Product) -> None:
    page = OpenPage(admin_client, page_of(shirt))
    Variant.objects.filter(sku="S").delete()
    assert page.save(**{"variants-0-price": "7"}).status_code == 200
    assert "A row that you changed has been deleted meanwhile." in page.html


def test_option_added_while_another_adds_a_variant_is_refused(admin_client: Client, shirt: Product) -> None:
    page = OpenPage(admin_client, page_of(shirt))
    Variant.objects.create(product=shirt, sku="L", option_values=["L"], price=100, position=2)
    assert page.save(**WITH_COLOUR).status_code == 200
    assert "Somebody else has added a variant meanwhile. Open the page again." in page.html
    shirt.refresh_from_db()
    assert shirt.option_names == ["Size"]


def test_variant_of_before_is_refused_after_another_added_an_option(admin_client: Client, shirt: Product) -> None:
    page = OpenPage(admin_client, page_of(shirt))
    other = OpenPage(admin_client, page_of(shirt))
    assert other.save(**WITH_COLOUR).status_code == 302
    answer = page.save(**NEW | {"variants-2-sku": "L", "variants-2-option_values": "L"})
    assert answer.status_code == 200, said(answer)
    assert "Write 2 values, for: Size; colour." in page.html
    assert skus() == ["M", "S"]


@pytest.mark.parametrize(
    ("sku", "options", "sentence"),
    [
        ("L", "L", "Variant with this SKU already exists."),
        ("L-2", "L", "The product has a variant with these options already."),
    ],
)
def test_variant_that_another_has_just_added_is_refused(
    admin_client: Client, shirt: Product, sku: str, options: str, sentence: str
) -> None:
    page = OpenPage(admin_client, page_of(shirt))
    Variant.objects.create(product=shirt, sku="L", option_values=["L"], price=100)
    answer = page.save(**NEW | {"variants-2-sku": sku, "variants-2-option_values": options})
    assert (answer.status_code, sentence in page.html) == (200, True)
    assert skus() == ["L", "M", "S"]


def test_ordered_variant_cannot_be_deleted(admin_client: Client, shirt: Product, make_order: Make) -> None:
    make_order()
    OrderItem.objects.update(variant=Variant.objects.get(sku="S"), product=shirt)
    page = OpenPage(admin_client, page_of(shirt))
    assert page.save(**{"variants-0-DELETE": "on"}).status_code == 200
    assert "S" in skus()
