"""GET /api/v1/products/facets."""

from typing import Any
from urllib.parse import quote

import pytest
from pytest_django import DjangoAssertNumQueries

from conftest import JSONClient, Make

pytestmark = pytest.mark.django_db

PATH = "/api/v1/products/facets"


@pytest.fixture
def categories(make_category: Make, make_product: Make) -> dict[str, int]:
    """Fill a shop: tea with green tea below it, cups, an empty category, and a hidden one."""
    tea = make_category(position=2)
    green = make_category(parent=tea, position=9)
    cups = make_category(position=1)
    empty = make_category(position=3)
    hidden = make_category(is_active=False)
    make_product(name="Чай", category=tea, price="100", stock=1)
    make_product(name="Сенча", description="Чай из Японии.", category=green, price="250.50", stock=0)
    make_product(name="Чай билочунь", category=green, price="900", stock=None)
    make_product(name="Кружка", description="Для чая.", category=cups, price="500", stock=3)
    make_product(name="Чай снятый", category=tea, price="1", is_active=False)
    make_product(name="Чай скрытый", category=hidden, price="2")
    return {"tea": tea.pk, "green": green.pk, "cups": cups.pk, "empty": empty.pk, "hidden": hidden.pk}


def facets(client: JSONClient, query: str = "") -> Any:
    answer = client.get(PATH + query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_all(client: JSONClient, categories: dict[str, int]) -> None:
    """By position; a category with all below it."""
    assert facets(client) == {
        "categories": [
            {"id": categories["cups"], "count": 1},
            {"id": categories["tea"], "count": 3},
            {"id": categories["green"], "count": 2},
        ],
        "price": {"min": "100.00", "max": "900.00"},
        "in_stock": 3,
        "total": 4,
        "is_exact": True,
        "corrected": None,
    }


def test_a_category_does_not_narrow_the_counts_of_categories(client: JSONClient, categories: dict[str, int]) -> None:
    assert facets(client, f"?category_id={categories['green']}") == {
        "categories": facets(client)["categories"],
        "price": {"min": "250.50", "max": "900.00"},
        "in_stock": 1,
        "total": 2,
        "is_exact": True,
        "corrected": None,
    }


def test_the_other_filters_do(client: JSONClient, categories: dict[str, int]) -> None:
    assert facets(client, f"?search={quote('чай')}&min_price=200&in_stock=true&category_id={categories['tea']}") == {
        "categories": [
            {"id": categories["cups"], "count": 1},
            {"id": categories["tea"], "count": 1},
            {"id": categories["green"], "count": 1},
        ],
        "price": {"min": "900.00", "max": "900.00"},
        "in_stock": 1,
        "total": 1,
        "is_exact": True,
        "corrected": None,
    }


@pytest.mark.parametrize("query", ["?min_price=5000", f"?search={quote('утюг')}", "?search=!!!", "?ids=999999999"])
def test_nothing(query: str, client: JSONClient, categories: dict[str, int]) -> None:
    nothing = {"categories": [], "price": {"min": None, "max": None}, "in_stock": 0, "total": 0, "is_exact": True}
    nothing["corrected"] = None
    assert facets(client, query) == nothing


@pytest.mark.parametrize("category", ["empty", "hidden"])
def test_category_without_products(category: str, client: JSONClient, categories: dict[str, int]) -> None:
    answer = facets(client, f"?category_id={categories[category]}")
    assert (answer["price"], answer["total"]) == ({"min": None, "max": None}, 0)


@pytest.mark.parametrize(
    "query", ["", "&in_stock=true", "&in_stock=false", "&max_price=300", "&search=чай", "&search=xfq"]
)
def test_counts_are_those_of_the_list(query: str, client: JSONClient, categories: dict[str, int]) -> None:
    counts = {category["id"]: category["count"] for category in facets(client, f"?{query}")["categories"]}
    for pk in categories.values():
        listed = client.get(f"/api/v1/products?category_id={pk}{query}").json()["results"]
        answer = facets(client, f"?category_id={pk}{query}")
        assert len(listed) == counts.get(pk, 0) == answer["total"]
        assert sum(product["in_stock"] for product in listed) == answer["in_stock"]


def test_two_queries_for_any_number(
    client: JSONClient, make_category: Make, make_product: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (1, 10):
        for _ in range(number):
            make_product(category=make_category())
        with django_assert_num_queries(2):
            client.get(PATH)


def test_wrong_category(client: JSONClient) -> None:
    answer = client.get(f"{PATH}?category_id=x")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["category_id"])
