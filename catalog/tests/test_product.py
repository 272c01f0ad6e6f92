"""GET /api/v1/products/{id}."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import RESERVED_SLUGS, Category, Product
from catalog.tests.test_admin import page_of
from catalog.views import ProductViewSet
from conftest import JSONClient, Make
from testing.html_forms import OpenPage

pytestmark = pytest.mark.django_db

NOT_FOUND = {"type": "about:blank", "title": "Not Found", "status": 404, "code": "not_found"}


@pytest.mark.parametrize("slash", ["", "/"])
def test_shape(
    slash: str, client: JSONClient, make_product: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    product = make_product(
        name="Чай <b>",
        price="9999999999.99",
        old_price=None,
        images=["a.jpg", "b.jpg"],
        description="a\nb",
        properties=[{"name": "Вес", "value": "50 г"}, {"name": "Сбор", "value": "июль: первый <b>"}],
    )
    with django_assert_num_queries(1):
        answer = client.get(f"/api/v1/products/{product.pk}{slash}")
    assert answer.status_code == 200
    assert answer.json() == {
        "id": product.pk,
        "category_id": product.category_id,
        "name": "Чай <b>",
        "slug": product.slug,
        "sku": product.sku,
        "description": "a\nb",
        "price": "9999999999.99",
        "price_max": "9999999999.99",
        "old_price": None,
        "images": ["http://testserver/media/a.jpg", "http://testserver/media/b.jpg"],
        "in_stock": True,
        "variant_id": product.variant_id,
        "created_at": product.created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "pictures": [
            {"url": f"http://testserver/media/{name}.jpg", "thumbnail": None, "width": None, "height": None}
            | {"alt": "Чай <b>"}
            for name in ("a", "b")
        ],
        "category_path": [{"id": product.category_id, "name": "Category 1", "slug": "category-1"}],
        "properties": [{"name": "Вес", "value": "50 г"}, {"name": "Сбор", "value": "июль: первый <b>"}],
        "options": [],
        "variants": [
            {
                "id": product.variant_id,
                "sku": product.sku,
                "options": [],
                "price": "9999999999.99",
                "old_price": None,
                "in_stock": True,
                "max_quantity": None,
                "images": [],
                "pictures": [],
            }
        ],
    }


def test_product_by_its_slug(
    client: JSONClient, make_product: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for slug in ("ivan-chai", "2-in-1", "_", "Tea_2026", "7" * 150 + "x"):
        product = make_product(slug=slug)
        with django_assert_num_queries(1):
            answer = client.get(f"/api/v1/products/{slug}")
        assert answer.json() == client.get(f"/api/v1/products/{product.pk}").json()
    Product.objects.update(is_active=False)
    assert_not_found(client, "/api/v1/products/ivan-chai")


def test_slug_of_digits_hides_no_id(client: JSONClient, make_product: Make) -> None:
    """The admin refuses one; there may be some of before."""
    product = make_product(slug="999")
    other = make_product(slug=str(product.pk))
    assert client.get(f"/api/v1/products/{product.pk}").json()["id"] == product.pk
    Product.objects.filter(pk=product.pk).update(is_active=False)
    assert_not_found(client, f"/api/v1/products/{product.pk}")
    assert client.get(f"/api/v1/products/{other.pk}").json()["id"] == other.pk


def test_path_of_categories_begins_at_the_top(client: JSONClient, make_category: Make, make_product: Make) -> None:
    top = make_category(name="Чай")
    middle = make_category(name="Чёрный", parent=top)
    product = make_product(category=make_category(name="Копчёный", slug="smoked", parent=middle))
    path = client.get(f"/api/v1/products/{product.pk}").json()["category_path"]
    assert [category["name"] for category in path] == ["Чай", "Чёрный", "Копчёный"]
    assert path[-1] == {"id": product.category_id, "name": "Копчёный", "slug": "smoked"}


@pytest.mark.parametrize("slug", ["5", "2026", "facets", "suggest"])
def test_new_slug_that_the_api_cannot_find_is_refused(slug: str, admin_client: Client, make_product: Make) -> None:
    product = make_product(slug="tea")
    page = OpenPage(admin_client, page_of(product))
    assert page.save(slug=slug).status_code == 200
    assert f"“{slug}” is taken by other addresses: add a word." in page.html
    Product.objects.update(slug=slug)
    assert OpenPage(admin_client, page_of(product)).save(name="Чай").status_code == 302


def test_paths_beside_the_products_are_reserved() -> None:
    actions: list[Any] = ProductViewSet.get_extra_actions()
    beside = {action.url_path for action in actions if not action.detail}
    assert beside == RESERVED_SLUGS


def test_sold_out_is_still_shown(client: JSONClient, make_product: Make) -> None:
    product = make_product(stock=0)
    assert client.get(f"/api/v1/products/{product.pk}").json()["in_stock"] is False


def test_what_is_not_on_sale_is_not_there(client: JSONClient, make_category: Make, make_product: Make) -> None:
    top = make_category()
    product = make_product(category=make_category(parent=top))
    path = f"/api/v1/products/{product.pk}"
    assert client.get(path).status_code == 200
    Product.objects.update(is_active=False)
    assert_not_found(client, path)
    Product.objects.update(is_active=True)
    assert client.get(path).status_code == 200
    Category.objects.filter(pk=top.pk).update(is_active=False)
    assert_not_found(client, path)


@pytest.mark.parametrize(
    "number", ["0", "1", "999999999999999999", "9" * 19, "9" * 500, "abc", "-1", "1.5", "1%00", "٥"]
)
def test_what_is_no_product_is_not_there(number: str, client: JSONClient) -> None:
    assert_not_found(client, f"/api/v1/products/{number}")


def assert_not_found(client: JSONClient, path: str) -> None:
    answer = client.get(path)
    body = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert body.pop("detail")
    assert body == NOT_FOUND
