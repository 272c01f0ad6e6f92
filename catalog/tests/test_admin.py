"""The catalog in the back office, as staff use it."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Category, Product, StockMovement, Variant
from conftest import Make
from testing.html_forms import OpenPage

pytestmark = pytest.mark.django_db

PRODUCTS = "/admin/catalog/product/"
VARIANTS = "/admin/catalog/variant/"
CATEGORIES = "/admin/catalog/category/"
EVIL = "<script>alert(1)</script>"


def save_list(admin_client: Client, path: str, **changes: str) -> Any:
    """Change cells of a list and press save."""
    page = OpenPage(admin_client, path)
    assert changes.keys() <= page.fields.keys()
    return page.save(**changes)


def page_of(product: Product) -> str:
    """Return the address of a product's own page."""
    return f"{PRODUCTS}{product.pk}/change/"


def variant_page(product: Product) -> str:
    """Return the address of the page of a product's only variant."""
    return f"{VARIANTS}{product.variant_id}/change/"


@pytest.mark.parametrize("path", [PRODUCTS, VARIANTS, CATEGORIES])
def test_list_has_a_constant_number_of_queries(
    path: str, admin_client: Client, make_category: Make, make_product: Make
) -> None:
    counts = []
    for number in (1, 10):
        for _ in range(number):
            make_product(category=make_category(parent=make_category()), images=["a.jpg"])
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_variants_are_edited_in_the_list(admin_client: Client, make_product: Make) -> None:
    untouched, product = make_product(price="5.00", stock=5), make_product(price="100.00", stock=None)
    # The newest comes first.
    changes = {"form-0-price": "90.50", "form-0-old_price": "100", "form-0-stock": "7"}
    assert save_list(admin_client, VARIANTS, **changes).status_code == 302
    values = Variant.objects.order_by("pk").values_list("product", "price", "old_price", "stock", "is_active")
    assert list(values) == [
        (untouched.pk, Decimal("5.00"), None, 5, True),
        (product.pk, Decimal("90.50"), Decimal("100.00"), 7, True),
    ]


def test_categories_are_edited_in_the_list(admin_client: Client, make_category: Make) -> None:
    category = make_category(position=3)
    assert save_list(admin_client, CATEGORIES, **{"form-0-position": "1"}).status_code == 302
    category.refresh_from_db()
    assert (category.position, category.is_active) == (1, True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"old_price": "100.00"}, "The old price must be above the price."),
        ({"price": "-1"}, "The price cannot be below zero."),
        ({"stock": "-1"}, "The stock cannot be below zero."),
    ],
)
def test_wrong_number_gets_its_sentence(
    changes: dict[str, str], sentence: str, admin_client: Client, make_product: Make
) -> None:
    product = make_product(price="100.00", stock=5)
    before = Variant.objects.values().get()
    for path, prefix in ((VARIANTS, "form-0-"), (variant_page(product), ""), (page_of(product), "variants-0-")):
        answer = OpenPage(admin_client, path).save(**{prefix + name: value for name, value in changes.items()})
        assert answer.status_code == 200
        assert sentence in answer.content.decode()
    assert Variant.objects.values().get() == before


def test_pictures_are_written_line_by_line(admin_client: Client, make_product: Make) -> None:
    product = make_product(images=["a.jpg", "https://example.org/b.jpg"])
    page = OpenPage(admin_client, page_of(product))
    assert re.search(r"<textarea[^>]*>\s*a\.jpg\nhttps://example\.org/b\.jpg</textarea>", page.html)
    assert page.save(images=" c.jpg \r\n\r\na.jpg\r\n").status_code == 302
    product.refresh_from_db()
    assert product.images == ["c.jpg", "a.jpg"]
    assert OpenPage(admin_client, page_of(product)).save(images="").status_code == 302
    product.refresh_from_db()
    assert product.images == []


def test_bad_picture_is_refused_and_what_was_typed_is_kept(admin_client: Client, make_product: Make) -> None:
    product = make_product(images=["a.jpg"])
    page = OpenPage(admin_client, page_of(product)).save(images="a.jpg\n/etc/passwd").content.decode()
    assert "Write the path of a picture as it is below the media folder." in page
    assert re.search(r"<textarea[^>]*>\s*a\.jpg\n/etc/passwd</textarea>", page)
    product.refresh_from_db()
    assert product.images == ["a.jpg"]


def test_product_is_added(admin_client: Client, make_category: Make) -> None:
    page = OpenPage(admin_client, f"{PRODUCTS}add/")
    offer = {"variants-0-sku": "T-1", "variants-0-price": "10", "variants-0-stock": "7"}
    answer = page.save(name="Чай", slug="tea", category=str(make_category().pk), images="a.jpg", **offer)
    assert answer.status_code == 302
    product = Product.objects.get()
    assert (product.name, product.price, product.images) == ("Чай", Decimal(10), ["a.jpg"])
    movement = StockMovement.objects.get()
    assert (movement.variant_id, movement.delta, movement.balance) == (product.variant_id, 7, 7)
    assert movement.actor is not None


def test_thumbnails(admin_client: Client, make_product: Make) -> None:
    product = make_product(images=["чай.jpg", "https://example.org/b.jpg?x=1&y=2"])
    cover = 'src="/media/%D1%87%D0%B0%D0%B9.jpg"'
    in_list, on_page = (
        admin_client.get(path).content.decode() for path in (PRODUCTS, f"{PRODUCTS}{product.pk}/change/")
    )
    assert cover in in_list
    assert "example.org/b.jpg" not in in_list
    assert cover in on_page
    assert 'src="https://example.org/b.jpg?x=1&amp;y=2"' in on_page


def test_what_looks_like_html_is_text(admin_client: Client, make_category: Make, make_product: Make) -> None:
    category = make_category(name=EVIL)
    make_category(name="below", parent=category)
    # Past the validators, as an import by SQL might put it there.
    images = [f'https://x/"><img onerror=alert(1)>{EVIL}', f'"onerror="alert(1)"{EVIL}']
    product = make_product(name=EVIL, category=category, images=images, description=f"</textarea>{EVIL}")
    paths = [PRODUCTS, CATEGORIES, f"{PRODUCTS}{product.pk}/change/", f"{CATEGORIES}{category.pk}/change/"]
    for path in [*paths, f"{PRODUCTS}{product.pk}/delete/", f"{PRODUCTS}{product.pk}/history/"]:
        page = admin_client.get(path).content.decode()
        assert EVIL not in page, path
        assert "<img onerror" not in page, path
        assert 'x/">' not in page, path
        assert 'src="/media/"' not in page, path
        assert '"onerror="' not in page, path


def test_circle_of_categories_is_refused(admin_client: Client, make_category: Make) -> None:
    top = make_category(name="top", slug="top")
    child = make_category(parent=top)
    answer = OpenPage(admin_client, f"{CATEGORIES}{top.pk}/change/").save(parent=str(child.pk))
    assert "A category cannot be below itself." in answer.content.decode()
    assert Category.objects.get(pk=top.pk).parent is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [("?q=зелён", {"Зелёный"}), ("?q=GR-1", {"Зелёный"}), ("?q=GR", set()), ("?is_active__exact=0", {"Hidden"})],
)
def test_search_and_filters(query: str, expected: set[str], admin_client: Client, make_product: Make) -> None:
    make_product(name="Зелёный", sku="GR-1")
    make_product(name="Hidden", is_active=False)
    products: Callable[[], Any] = admin_client.get(PRODUCTS + query).context["cl"].queryset.all
    assert {product.name for product in products()} == expected


def test_customers_do_not_get_in(client: Client) -> None:
    for path in (PRODUCTS, CATEGORIES):
        assert client.get(path).status_code == 302
