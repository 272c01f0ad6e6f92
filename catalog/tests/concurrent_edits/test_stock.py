"""Stock on a page that was opened before a sale."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Product, Variant
from catalog.tests.concurrent_edits.pages import Open, buy, said
from catalog.tests.test_admin import page_of
from conftest import Headers, JSONClient, Make
from orders.models import Order
from testing.html_forms import OpenPage
from testing.stock import stock_of

pytestmark = pytest.mark.django_db


def test_goods_sold_while_a_page_is_open_are_not_sold_again(opened: Open, alice: Headers, make_product: Make) -> None:
    tea = make_product(stock=6, price="100.00")
    page = opened(tea)
    buy(alice, tea, 2)
    assert page.save(price="120.00").status_code == 302
    tea.refresh_from_db()
    assert (stock_of(tea), tea.price) == (4, Decimal("120.00"))


def test_description_is_written_and_nothing_else(admin_client: Client, alice: Headers, make_product: Make) -> None:
    tea = make_product(stock=6, description="Old", images=["a.jpg"])
    page = OpenPage(admin_client, page_of(tea))
    buy(alice, tea, 2)
    before: dict[str, Any] = {**Product.objects.values().get()}
    with CaptureQueriesContext(connection) as queries:
        assert page.save(description="New").status_code == 302
    (update,) = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "catalog_product"')]
    assert re.findall(r'"(\w+)" = ', update.partition("WHERE")[0]) == ["description", "updated_at"]
    after: dict[str, Any] = {**Product.objects.values().get()}
    assert after.pop("updated_at") > before.pop("updated_at")
    assert after == before | {"description": "New"}


def test_page_saved_as_it_was_opened_writes_nothing(opened: Open, alice: Headers, make_product: Make) -> None:
    tea = make_product(stock=6, description="One\nTwo\n", images=["a.jpg", "b.jpg"], old_price="150.00")
    page = opened(tea)
    buy(alice, tea, 2)
    before = Product.objects.values().get(), Variant.objects.values().get()
    assert page.save().status_code == 302
    assert (Product.objects.values().get(), Variant.objects.values().get()) == before


@pytest.mark.parametrize(
    ("shown", "typed", "present", "result"),
    [
        (6, "9", 6, 9),
        (6, "9", 4, 7),
        (6, "4", 4, 2),
        (6, "2", 4, 0),
        (4, "5", 6, 7),
        (6, "", 4, None),  # no longer counted, however many there are
        (6, "", None, None),
        (None, "5", None, 5),
        (None, "5", 5, 5),
        (None, "", None, None),
        (6, "6", None, None),
    ],
)
def test_stock_is_changed_by_the_difference(
    opened: Open, make_product: Make, shown: int | None, typed: str, present: int | None, result: int | None
) -> None:
    tea = make_product(stock=shown)
    page = opened(tea)
    Variant.objects.update(stock=present)
    assert page.save(stock=typed).status_code == 302
    assert stock_of(tea) == result


@pytest.mark.parametrize(
    ("shown", "typed", "present", "sentence", "second"),
    [
        (6, "1", 4, "There are 4 now; there were 6 when the page was opened. 5 cannot be taken away.", 1),
        (6, "9", None, "it was “6” and is “nothing” now. Save again to write “9”.", 9),
        (None, "9", 3, "it was “nothing” and is “3” now. Save again to write “9”.", 9),
        (6, "2147483647", 7, "Ensure this value is less than or equal to 1000000000.", None),
    ],
)
def test_stock_that_cannot_be_told_is_refused(
    opened: Open,
    make_product: Make,
    shown: int | None,
    typed: str,
    present: int | None,
    sentence: str,
    second: int | None,
) -> None:
    tea = make_product(stock=shown)
    page = opened(tea)
    Variant.objects.update(stock=present)
    refused = page.save(stock=typed)
    assert (refused.status_code, page.field("stock")) == (200, [typed])
    assert sentence in page.page.html
    assert stock_of(tea) == present
    if second is not None:
        assert page.save().status_code == 302
        assert stock_of(tea) == second


def test_staff_are_told_what_became_of_their_number(opened: Open, make_product: Make) -> None:
    tea = make_product(name="T-1", sku="T-1", stock=6)
    page = opened(tea)
    Variant.objects.update(stock=4)
    told = said(page.save(stock="9"))
    expected = "T-1: “Stock” went from 6 to 4 while the page was open. With your change (+3) it is 7."
    assert [each for each in told if "went from" in each] == [expected]


def test_difference_survives_the_refusal_of_another_field(opened: Open, make_product: Make) -> None:
    tea = make_product(stock=6, price="100.00")
    page = opened(tea)
    Variant.objects.update(stock=4, price="110.00")
    assert page.save(stock="9", price="120.00").status_code == 200
    assert page.save().status_code == 302
    tea.refresh_from_db()
    assert (stock_of(tea), tea.price) == (7, Decimal("120.00"))


def test_cancelled_order_and_a_stock_change_both_count(opened: Open, alice: Headers, make_product: Make) -> None:
    tea = make_product(stock=6)
    buy(alice, tea, 2)
    page = opened(tea)  # shows 4
    assert JSONClient().post(f"/api/v1/orders/{Order.objects.get().pk}/cancel", **alice).status_code == 200
    assert page.save(stock="5").status_code == 302
    assert stock_of(tea) == 7
