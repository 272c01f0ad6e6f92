"""GET /api/v1/products/{id}/related."""

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.models import Category, Product
from catalog.tests.test_product import assert_not_found
from conftest import JSONClient, Make

pytestmark = pytest.mark.django_db


def related(client: JSONClient, product: Product) -> list[str]:
    answer = client.get(f"/api/v1/products/{product.pk}/related")
    assert answer.status_code == 200
    return [each["name"] for each in answer.json()["results"]]


def test_nearest_prices_of_the_category_come_first(client: JSONClient, make_category: Make, make_product: Make) -> None:
    for price in (50, 80, 99, 101, 130, 1000):
        make_product(name=str(price), price=price)
    product = make_product(price=100)
    make_product(category=make_category(parent=product.category), price=100)
    make_product(category=make_category(), price=100)
    make_product(name="sold out", price=100, stock=0)
    make_product(name="hidden", price=100, is_active=False)
    assert related(client, product) == ["99", "101", "80", "130", "50", "1000"]


def test_at_most_eight(client: JSONClient, make_product: Make) -> None:
    products = [make_product(name=str(number), price=100) for number in range(12)]
    assert related(client, products[0]) == [str(number) for number in range(1, 9)]
    assert "11" not in related(client, products[11])
    assert len(related(client, products[11])) == 8


def test_product_that_is_alone_has_none(client: JSONClient, make_product: Make) -> None:
    assert related(client, make_product()) == []


def test_rows_are_those_of_the_list(
    client: JSONClient, make_product: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    product = make_product(slug="tea")
    make_product(images=["a.jpg"])
    with django_assert_num_queries(2):
        answer = client.get("/api/v1/products/tea/related/")
    assert answer.json() == {"results": client.get("/api/v1/products").json()["results"][:1]}
    assert answer.json() == client.get(f"/api/v1/products/{product.pk}/related").json()


def test_related_of_what_is_not_on_sale_are_not_there(client: JSONClient, make_product: Make) -> None:
    product = make_product()
    make_product()
    Category.objects.update(is_active=False)
    for key in (product.pk, product.slug, "9" * 19):
        assert_not_found(client, f"/api/v1/products/{key}/related")
