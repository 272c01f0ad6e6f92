"""What the database itself keeps, and what people are told."""

from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from catalog.models import Category, Product, Variant
from conftest import Make
from testing.stock import variant_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "constraint", "sentence"),
    [
        ({"price": Decimal(-1)}, "catalog_variant_price_not_negative", "The price cannot be below zero."),
        (
            {"old_price": Decimal(100)},
            "catalog_variant_old_price_above_price",
            "The old price must be above the price.",
        ),
        (
            {"old_price": Decimal("99.99")},
            "catalog_variant_old_price_above_price",
            "The old price must be above the price.",
        ),
        ({"stock": -1}, "catalog_variant_stock_not_negative", "The stock cannot be below zero."),
    ],
)
def test_variant_constraint(fields: dict[str, Any], constraint: str, sentence: str, make_product: Make) -> None:
    variant = variant_of(make_product(price=Decimal(100)))
    assert violated(lambda: Variant.objects.update(**fields)) == constraint
    for name, value in fields.items():
        setattr(variant, name, value)
    with pytest.raises(ValidationError) as caught:
        variant.full_clean()
    assert caught.value.messages == [sentence]


@pytest.mark.parametrize(
    "fields",
    [{"price": Decimal(0)}, {"old_price": Decimal("100.01")}, {"old_price": None}, {"stock": 0}, {"stock": None}],
)
def test_variant_at_the_edge_is_good(fields: dict[str, Any], make_product: Make) -> None:
    variant_of(make_product(**{"price": Decimal(100)} | fields)).full_clean()


@pytest.mark.parametrize(("model", "field"), [(Product, "slug"), (Variant, "sku")])
def test_slug_and_sku_are_unique(model: type[Product | Variant], field: str, make_product: Make) -> None:
    make_product()
    make_product()
    one, two = model._default_manager.order_by("pk")
    violated(lambda: model._default_manager.filter(pk=two.pk).update(**{field: getattr(one, field)}))
    setattr(two, field, getattr(one, field))
    with pytest.raises(ValidationError) as caught:
        two.full_clean()
    assert set(caught.value.message_dict) == {field}


def test_category_in_use_is_not_deleted(make_category: Make, make_product: Make) -> None:
    top = make_category()
    product = make_product(category=make_category(parent=top))
    for category in (top, product.category):
        with pytest.raises(IntegrityError):  # ProtectedError is one
            category.delete()


def test_category_below_itself(make_category: Make) -> None:
    category = make_category()
    own = violated(lambda: Category.objects.filter(pk=category.pk).update(parent=category))
    assert own == "catalog_category_not_own_parent"


@pytest.mark.parametrize("distance", [0, 1, 2])
def test_circle_is_refused(distance: int, make_category: Make) -> None:
    chain = [make_category()]
    for _ in range(2):
        chain.append(make_category(parent=chain[-1]))
    chain[0].parent = chain[distance]
    with pytest.raises(ValidationError) as caught:
        chain[0].full_clean()
    assert caught.value.message_dict["parent"] == ["A category cannot be below itself."]


def test_move_within_the_tree_is_good(make_category: Make) -> None:
    top, other = make_category(), make_category()
    child = make_category(parent=top)
    child.parent = other
    child.full_clean()
    child.parent = None
    child.full_clean()
    Category(name="new", slug="new", parent=top).full_clean()


@pytest.mark.parametrize(
    "images",
    [
        "a.jpg",
        {"a": 1},
        [1],
        [""],
        [None],
        ["/etc/passwd"],
        ["../secret.jpg"],
        ["a/../../b.jpg"],
        ["x" * 501],
        ["ftp://example.org/a.jpg"],
        ["javascript://example.org/%0Aalert(1)"],
        ["https://"],
        ["https://example.org/a b.jpg"],
        ["a.jpg"] * 21,
    ],
)
def test_bad_images(images: object, make_product: Make) -> None:
    product = make_product()
    product.images = images
    with pytest.raises(ValidationError) as caught:
        product.full_clean()
    assert set(caught.value.message_dict) == {"images"}


@pytest.mark.parametrize(
    "images", [[], ["a.jpg"], ["папка/чай 1.jpg", "https://example.org/a.jpg?w=1"], ["a..b.jpg"] * 20]
)
def test_good_images(images: list[str], make_product: Make) -> None:
    make_product(images=images).full_clean()


def test_rows_say_who_they_are_without_a_query(make_product: Make) -> None:
    product = make_product(name="Чай")
    assert (str(product), str(product.category)) == ("Чай", product.category.name)


def violated(change: Any) -> str | None:
    """Make the change, which the database must refuse; return the name of the constraint."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        change()
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name
