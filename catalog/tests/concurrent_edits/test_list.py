"""The list of variants, edited in place and saved late."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Product, Variant
from catalog.tests.test_admin import VARIANTS
from conftest import Make
from testing.html_forms import OpenPage

pytestmark = pytest.mark.django_db


def test_one_refused_row_is_named_and_nothing_is_half_saved(admin_client: Client, make_product: Make) -> None:
    jam, tea = make_product(name="Jam", price="50.00"), make_product(name="Tea", price="100.00")
    page = OpenPage(admin_client, VARIANTS)
    Variant.objects.filter(product=tea).update(price="110.00")
    changes = {"form-0-price": "120.00", "form-1-price": "55.00"}
    assert page.save(**changes).status_code == 200
    assert "Nothing is saved yet, because of Tea." in page.html
    assert {name: page.fields[name] for name in changes} == {name: [value] for name, value in changes.items()}
    assert set(Product.objects.values_list("name", "price")) == {("Jam", Decimal(50)), ("Tea", Decimal(110))}
    assert page.save().status_code == 302
    assert set(Product.objects.values_list("name", "price")) == {("Jam", Decimal(55)), ("Tea", Decimal(120))}
    assert jam.pk < tea.pk


def rows_of(html: str) -> list[tuple[str, str]]:
    """Read which name stands beside which price."""
    names = re.findall(r'data-label="[Pp]roduct">\s*<a[^>]*>([^<]+)</a>', html)
    return list(zip(names, re.findall(r'name="form-\d+-price" value="([^"]+)"', html), strict=True))


def test_refused_list_shows_each_row_beside_its_own_inputs(admin_client: Client, make_product: Make) -> None:
    for name, price in (("Jam", "50.00"), ("Tea", "100.00")):
        make_product(name=name, price=price)
    page = OpenPage(admin_client, VARIANTS)
    assert rows_of(page.html) == [("Tea", "100.00"), ("Jam", "50.00")]
    make_product(name="New on top", price="1.00")
    assert page.save(**{"form-1-price": "-5"}).status_code == 200
    assert rows_of(page.html) == [("Tea", "100.00"), ("Jam", "-5")]


def test_deleted_row_that_nobody_edited_is_no_obstacle(admin_client: Client, make_product: Make) -> None:
    jam, tea = make_product(price="50.00"), make_product(price="100.00")
    page = OpenPage(admin_client, VARIANTS)
    tea.delete()
    assert page.save(**{"form-1-price": "55.00"}).status_code == 302
    jam.refresh_from_db()
    assert jam.price == Decimal(55)


def test_deleted_row_that_was_edited_is_named_once(admin_client: Client, make_product: Make) -> None:
    jam, tea = make_product(name="Jam", price="50.00"), make_product(price="100.00")
    page, key = OpenPage(admin_client, VARIANTS), tea.variant_id
    tea.delete()
    assert page.save(**{"form-0-price": "110.00", "form-1-price": "55.00"}).status_code == 200
    assert f"Rows that you changed have been deleted meanwhile: №{key}." in page.html
    assert rows_of(page.html) == [("Jam", "55.00")]
    assert page.save().status_code == 302
    jam.refresh_from_db()
    assert jam.price == Decimal(55)


@pytest.mark.parametrize("name", ["form-TOTAL_FORMS", "form-INITIAL_FORMS", "form-0-id"])
@pytest.mark.parametrize("forged", ["", "x", "-1", "99999999999999999999", None])
def test_forged_list_is_no_fault_of_ours(
    admin_client: Client, make_product: Make, name: str, forged: str | None
) -> None:
    make_product(stock=6)
    page = OpenPage(admin_client, VARIANTS)
    assert page.save(**{name: forged, "form-0-stock": "9"}).status_code in {200, 302, 400}
    # The number of rows that there were says nothing about the row that was sent.
    assert Variant.objects.get().stock in ({6, 9} if name == "form-INITIAL_FORMS" else {6})


def test_rows_that_nobody_edited_cost_no_query(admin_client: Client, make_product: Make) -> None:
    def queries(number: int) -> int:
        for _ in range(number):
            make_product(price="100.00", old_price="150.00", stock=5)
        page = OpenPage(admin_client, VARIANTS)
        with CaptureQueriesContext(connection) as captured:
            assert page.save(**{"form-0-price": "90.00"}).status_code == 302
        return len(captured)

    assert queries(2) == queries(10)


def test_refused_list_has_a_constant_number_of_queries(
    admin_client: Client, make_product: Make, make_category: Make
) -> None:
    def queries(number: int) -> int:
        for _ in range(number):
            make_product(category=make_category())
        page = OpenPage(admin_client, VARIANTS)
        with CaptureQueriesContext(connection) as captured:
            assert page.save(**{"form-0-price": "-1"}).status_code == 200
        return len(captured)

    assert queries(2) == queries(10)
