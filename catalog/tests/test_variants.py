"""Variants: the columns that their products derive, and what the database refuses."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from psycopg import errors as pg

from catalog.models import Product, Variant
from conftest import Headers, JSONClient, Make
from testing.threads import together

pytestmark = pytest.mark.django_db

DERIVED = ("sku", "other_skus", "price", "price_max", "old_price", "is_available", "variant_count", "variant_id")


def derived(product: Product) -> dict[str, Any]:
    return {**Product.objects.filter(pk=product.pk).values(*DERIVED).get()}


@pytest.fixture
def shirt(make_product: Make) -> Product:
    """Return a product in three sizes: S for 100, M for 90 instead of 120, L for 150, of which none is left."""
    product: Product = make_product(
        name="Shirt", option_names=["Size"], sku="S", price="100", stock=5, variant={"option_values": ["S"]}
    )
    Variant.objects.bulk_create(
        [
            Variant(product=product, option_values=["M"], sku="M", price=90, old_price=120, stock=1, position=1),
            Variant(product=product, option_values=["L"], sku="L", price=150, stock=0, position=2),
        ]
    )
    return product


def test_product_derives_its_columns_from_the_variants_on_sale(shirt: Product) -> None:
    assert derived(shirt) == {
        "sku": "S",
        "other_skus": ["M", "L"],
        "price": Decimal(90),
        "price_max": Decimal(150),
        "old_price": Decimal(120),
        "is_available": True,
        "variant_count": 3,
        "variant_id": None,
    }
    Variant.objects.filter(sku__in=["M", "L"]).update(is_active=False)
    only = Variant.objects.get(sku="S")
    assert derived(shirt) == {
        "sku": "S",
        "other_skus": [],
        "price": Decimal(100),
        "price_max": Decimal(100),
        "old_price": None,
        "is_available": True,
        "variant_count": 1,
        "variant_id": only.pk,
    }


def test_product_without_a_variant_on_sale_keeps_a_price_and_is_not_available(shirt: Product) -> None:
    Variant.objects.update(is_active=False)
    assert derived(shirt) | {"price": Decimal(90), "is_available": False, "variant_count": 0} == derived(shirt)


def test_product_is_available_while_one_of_its_variants_is(shirt: Product) -> None:
    Variant.objects.filter(sku="S").update(stock=0)
    assert derived(shirt)["is_available"] is True
    Variant.objects.filter(sku="M").update(stock=0)
    assert derived(shirt)["is_available"] is False
    Variant.objects.filter(sku="L").update(stock=None)
    assert derived(shirt)["is_available"] is True


def test_deleted_variant_counts_no_more(shirt: Product) -> None:
    Variant.objects.filter(sku="M").delete()
    assert (derived(shirt)["price"], derived(shirt)["variant_count"]) == (Decimal(100), 2)


def test_variant_that_moves_to_another_product_counts_there_only(shirt: Product, make_product: Make) -> None:
    coat = make_product(option_names=["Size"], price=200, stock=0, variant={"option_values": ["S"]})
    Variant.objects.filter(sku="M").update(product=coat)
    assert (derived(shirt)["price"], derived(shirt)["variant_count"]) == (Decimal(100), 2)
    assert (derived(coat)["price"], derived(coat)["is_available"]) == (Decimal(90), True)


def test_many_variants_are_derived_in_linear_time_in_a_session_that_planned_for_few(make_product: Make) -> None:
    make_product()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_product, catalog_variant")  # PostgreSQL now knows that they are small
    for _ in range(10):  # after five of its own, a statement keeps one plan for all values
        category = make_product().category
    products = [
        Product(category=category, name=str(number), slug=f"many-{number}", option_names=["Size"])
        for number in range(500)
    ]
    before = variants_read()
    Product.objects.bulk_create(products)
    Variant.objects.bulk_create(
        Variant(product=product, sku=f"{product.slug}-{size}", option_values=[size], price=100)
        for product in products
        for size in "SM"
    )
    Variant.objects.filter(product__in=products).update(price=200)
    assert variants_read() - before < 20 * 2 * len(products)
    assert Product.objects.filter(price=200, variant_count=2).count() == len(products)


def variants_read() -> int:
    """Return how many rows of variants PostgreSQL has read in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
            " WHERE relname = 'catalog_variant'"
        )
        return int(cursor.fetchone()[0])


def refused_at_the_commit(change: Any) -> bool:
    """Tell whether the database refuses a change because of the variants of a product."""
    try:
        with transaction.atomic():
            change()
            connection.check_constraints()
    except IntegrityError as error:
        cause = error.__cause__
        return isinstance(cause, pg.CheckViolation) and cause.diag.constraint_name == "catalog_product_variants"
    return False


def test_product_has_a_variant_and_each_variant_a_value_for_each_option(shirt: Product, make_product: Make) -> None:
    assert refused_at_the_commit(lambda: Product.objects.create(category=shirt.category, name="Cup", slug="cup"))
    assert refused_at_the_commit(lambda: Variant.objects.filter(product=shirt).delete())
    assert refused_at_the_commit(lambda: Variant.objects.filter(sku="S").update(option_values=[]))
    assert refused_at_the_commit(lambda: Variant.objects.filter(sku="S").update(option_values=["S", "red"]))
    assert refused_at_the_commit(lambda: Product.objects.update(option_names=["Size", "Colour"]))
    assert not refused_at_the_commit(lambda: Variant.objects.filter(sku="S").update(option_values=["XS"]))
    assert not refused_at_the_commit(lambda: shirt.delete())


def test_same_options_twice_are_refused(shirt: Product) -> None:
    Variant.objects.filter(sku="S").update(option_values=["M"])
    with pytest.raises(IntegrityError, match="catalog_variant_option_values_once"):
        connection.check_constraints()


def test_product_with_a_thousand_variants(client: JSONClient, alice: Headers, make_product: Make) -> None:
    product = make_product(option_names=["Number"], variant={"option_values": ["0"]}, price=1)
    Variant.objects.bulk_create(
        Variant(product=product, option_values=[str(number)], sku=f"N-{number}", price=1 + number, position=number)
        for number in range(1, 1000)
    )
    detail = client.get(f"/api/v1/products/{product.pk}").json()
    assert (len(detail["variants"]), len(detail["options"][0]["values"])) == (1000, 1000)
    assert (detail["price"], detail["price_max"], detail["variant_id"]) == ("1.00", "1000.00", None)
    body = {"items": [{"variant_id": detail["variants"][-1]["id"], "quantity": 1}]}
    assert client.post("/api/v1/orders", body, **alice).json()["total"] == "1000.00"


def test_detail_lists_options_and_variants(client: JSONClient, shirt: Product) -> None:
    Variant.objects.filter(sku="S").update(images=["s.jpg"])
    detail = client.get(f"/api/v1/products/{shirt.pk}").json()
    assert detail["options"] == [{"name": "Size", "values": ["S", "M", "L"]}]
    shown = ("sku", "options", "price", "old_price", "in_stock", "max_quantity", "images")
    assert [tuple(variant[name] for name in shown) for variant in detail["variants"]] == [
        ("S", ["S"], "100.00", None, True, 5, ["http://testserver/media/s.jpg"]),
        ("M", ["M"], "90.00", "120.00", True, 1, []),
        ("L", ["L"], "150.00", None, False, 0, []),
    ]
    Variant.objects.filter(sku="L").update(is_active=False)
    again = client.get(f"/api/v1/products/{shirt.pk}").json()
    assert again["options"] == [{"name": "Size", "values": ["S", "M"]}]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_concurrent_sales_of_the_last_pieces_leave_no_product_available(make_product: Make, round_: int) -> None:
    """Four variants of each of ten products, emptied at the same time in different orders."""
    products = [
        make_product(option_names=["Size"], stock=1, variant={"option_values": ["0"]}, sku=f"{round_}-{number}")
        for number in range(10)
    ]
    for number in range(1, 4):
        for product in products:
            sku = f"{product.sku}-{number}"
            Variant.objects.create(product=product, option_values=[str(number)], sku=sku, price=100, stock=1)

    def empty(size: int) -> None:
        variants = Variant.objects.filter(option_values=[str(size)])
        with transaction.atomic():
            # In the order of the keys, as orders lock them.
            list(variants.select_for_update(no_key=True).order_by("pk"))
            variants.update(stock=F("stock") - 1)

    assert together([lambda size=size: empty(size) for size in range(4)]) == [None] * 4  # type: ignore[misc]
    assert not Product.objects.filter(is_available=True).exists()
