"""Fields that another member of staff changed since the page was opened."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from catalog.models import Category, Product, Variant
from catalog.tests.concurrent_edits.pages import Open, Opened, said
from catalog.tests.test_admin import CATEGORIES, PRODUCTS, page_of
from conftest import Make
from testing.html_forms import OpenPage
from testing.stock import stock_of, variant_of

pytestmark = pytest.mark.django_db


PAGE_FIELDS = [
    "category",
    "name",
    "is_active",
    "images",
    "variants-0-stock",
    "variants-0-price",
    "variants-0-old_price",
]
IN_LIST = {
    "price": ("100.00", "110.00", "120.00"),
    "old_price": (None, "300.00", "200.00"),
}
OFFER = IN_LIST | {"sku": ("T-1", "T-2", "T-3")}
FIELDS = {
    "name": ("Tea", "Green tea", "Black tea"),
    "slug": ("tea", "green-tea", "black-tea"),
    "description": ("One\nTwo", "One\nTwo\nThree", "Two"),
    "images": (["a.jpg"], ["b.jpg", "a.jpg"], ["c.jpg"]),
}


def text(value: Any) -> str:
    """Write a value as staff type it."""
    return "\n".join(value) if isinstance(value, list) else value or ""


def refused_then_saved(page: Opened, tea: Product, name: str, values: tuple[Any, Any, Any]) -> None:
    _shown, present, typed = values
    rows = (Variant if name in OFFER else Product)._default_manager.all()
    rows.update(**{name: present})
    before = rows.values().get()
    assert page.save(**{name: text(typed)}).status_code == 200
    for value in values:
        assert f"“{text(value) or 'nothing'}”" in page.page.html
    assert rows.values().get() == before
    assert page.save().status_code == 302
    tea.refresh_from_db()
    assert text(getattr(tea, name) if isinstance(typed, list) else str(getattr(tea, name))) == text(typed)


@pytest.mark.parametrize("name", IN_LIST)
def test_field_that_somebody_else_changed_is_refused_once(opened: Open, make_product: Make, name: str) -> None:
    tea = make_product(**{"price": "100.00", name: IN_LIST[name][0]})
    refused_then_saved(opened(tea), tea, name, IN_LIST[name])


def test_sku_that_somebody_else_changed_is_refused_once(admin_client: Client, make_product: Make) -> None:
    tea = make_product(sku="T-1")
    refused_then_saved(Opened(admin_client, page_of(tea), "variants-0-"), tea, "sku", OFFER["sku"])


@pytest.mark.parametrize("name", FIELDS)
def test_field_of_the_page_that_somebody_else_changed_is_refused_once(
    admin_client: Client, make_product: Make, name: str
) -> None:
    tea = make_product(**{"price": "100.00", name: FIELDS[name][0]})
    refused_then_saved(Opened(admin_client, page_of(tea), ""), tea, name, FIELDS[name])


def test_category_that_somebody_else_changed_is_refused_once(
    admin_client: Client, make_category: Make, make_product: Make
) -> None:
    here, there, elsewhere = (make_category(name=name) for name in ("Here", "There", "Elsewhere"))
    tea = make_product(category=here)
    page = OpenPage(admin_client, page_of(tea))
    Product.objects.update(category=there)
    assert page.save(category=str(elsewhere.pk)).status_code == 200
    assert "it was “Here” and is “There” now. Save again to write “Elsewhere”." in page.html
    assert page.save().status_code == 302
    tea.refresh_from_db()
    assert tea.category == elsewhere


@pytest.mark.parametrize("shown", [True, False])
def test_box_that_somebody_else_ticked_needs_no_second_tick(opened: Open, make_product: Make, shown: bool) -> None:
    tea = make_product(variant={"is_active": shown})
    page = opened(tea)
    Variant.objects.update(is_active=not shown)
    assert page.save(is_active=None if shown else "on").status_code == 302
    assert variant_of(tea).is_active is not shown


def test_variant_hidden_by_a_colleague_stays_hidden(opened: Open, make_product: Make) -> None:
    tea = make_product(price="100.00")
    page = opened(tea)
    Variant.objects.update(is_active=False)
    assert page.save(price="120.00").status_code == 302
    variant = variant_of(tea)
    assert (variant.is_active, variant.price) == (False, Decimal("120.00"))


def test_refused_form_shows_what_is_there_now(opened: Open, make_product: Make) -> None:
    tea = make_product(price="100.00", stock=6)
    page = opened(tea)
    Variant.objects.update(is_active=False, price="110.00", stock=4)
    page.save(price="120.00")
    assert (page.field("price"), page.field("stock")) == (["120.00"], ["4"])
    assert page.field("is_active") == []


def test_constraint_is_judged_by_what_is_there_now(opened: Open, make_product: Make) -> None:
    tea = make_product(price="100.00")
    page = opened(tea)
    Variant.objects.update(price="130.00")
    assert page.save(old_price="120.00").status_code == 200
    assert "The old price must be above the price." in page.page.html


@pytest.mark.parametrize("name", PAGE_FIELDS)
def test_forged_shown_value_is_an_error_of_the_form_at_most(
    admin_client: Client, make_product: Make, make_category: Make, name: str
) -> None:
    categories = [make_category(), make_category()]
    for number, forged in enumerate(["", "x", "NaN", "-1e999999", "9" * 20, "9" * 5000, "\0", "<b>", None]):
        tea = make_product(stock=6, old_price="150.00")
        typed = {"category": str(categories[number % 2].pk), "is_active": None, "variants-0-old_price": "160"}.get(
            name, "7"
        )
        page = OpenPage(admin_client, page_of(tea))
        answer = page.save(**{f"initial-{name}": forged, name: typed})
        assert answer.status_code in {200, 302}, forged
        assert "“<b>”" not in answer.content.decode()
        if answer.status_code == 200:
            assert page.save().status_code == 302, forged


def test_page_that_does_not_say_what_it_showed_is_refused_once(opened: Open, make_product: Make) -> None:
    tea = make_product(stock=6)
    page = opened(tea)
    page.page.fields = {name: value for name, value in page.page.fields.items() if not name.startswith("initial-")}
    assert page.save(stock="7").status_code == 200
    assert "This page did not say what it showed here. It is “6” now; save again to change it." in page.page.html
    assert page.save().status_code == 302
    assert stock_of(tea) == 7


def test_page_of_a_deleted_product_is_no_fault_of_ours(admin_client: Client, make_product: Make) -> None:
    tea = make_product()
    page = OpenPage(admin_client, page_of(tea))
    tea.delete()
    answer = page.save(name="Black tea")
    assert answer.status_code == 302
    assert any("Perhaps it was deleted?" in each for each in said(answer))
    assert admin_client.post(f"{PRODUCTS}{page.path.split('/')[-3]}/delete/", {"post": "yes"}).status_code == 302


def test_category_page_and_list(admin_client: Client, make_category: Make) -> None:
    tea = make_category(name="Tea", position=1)
    in_list, on_page = OpenPage(admin_client, CATEGORIES), OpenPage(admin_client, f"{CATEGORIES}{tea.pk}/change/")
    Category.objects.update(name="Green tea", position=2, is_active=False)
    assert in_list.save(**{"form-0-position": "3"}).status_code == 200
    assert "it was “1” and is “2” now. Save again to write “3”." in in_list.html
    assert "Nothing is saved yet, because of Green tea." in in_list.html
    assert on_page.save(slug="black").status_code == 302
    tea.refresh_from_db()
    assert (tea.name, tea.position, tea.is_active, tea.slug) == ("Green tea", 2, False, "black")
    assert in_list.save().status_code == 302
    tea.refresh_from_db()
    assert (tea.position, tea.is_active) == (3, False)
