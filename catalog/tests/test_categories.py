"""GET /api/v1/categories."""

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.models import Category, Product
from conftest import JSONClient, Make

pytestmark = pytest.mark.django_db

PATH = "/api/v1/categories"


def names(client: JSONClient) -> list[str]:
    return [category["name"] for category in client.get(PATH).json()]


def test_shape_and_order(client: JSONClient, make_category: Make) -> None:
    """By position; those at one position in the order they were made."""
    last = make_category(name="Разное", slug="misc", position=5, image="misc.jpg", description="Всё <b>\nостальное")
    tea = make_category(name="Чай", slug="tea", position=1)
    black = make_category(name="Чёрный", slug="black", position=1, parent=tea)
    first = make_category(name="Новое", slug="new", position=0)
    answer = client.get(PATH)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    bare = {"description": "", "image": None, "product_count": 0}
    image = {"url": "http://testserver/media/misc.jpg", "thumbnail": None, "width": None, "height": None}
    assert answer.json() == [
        {"id": first.pk, "name": "Новое", "slug": "new", "parent_id": None, "position": 0, **bare},
        {"id": tea.pk, "name": "Чай", "slug": "tea", "parent_id": None, "position": 1, **bare},
        {"id": black.pk, "name": "Чёрный", "slug": "black", "parent_id": tea.pk, "position": 1, **bare},
        {"id": last.pk, "name": "Разное", "slug": "misc", "parent_id": None, "position": 5, "product_count": 0}
        | {"description": "Всё <b>\nостальное", "image": image | {"alt": "Разное"}},
    ]


def test_products_are_counted_with_those_below(client: JSONClient, make_category: Make, make_product: Make) -> None:
    tea = make_category(name="tea")
    black = make_category(name="black", parent=tea)
    smoked = make_category(name="smoked", parent=black)
    make_category(name="empty")
    product = make_product(category=smoked, stock=0)
    for category in (tea, black, black):
        make_product(category=category)

    def counts() -> dict[str, int]:
        return {category["name"]: category["product_count"] for category in client.get(PATH).json()}

    assert counts() == {"tea": 4, "black": 3, "smoked": 1, "empty": 0}
    Product.objects.filter(pk=product.pk).update(is_active=False)
    assert counts() == {"tea": 3, "black": 2, "smoked": 0, "empty": 0}
    Product.objects.filter(pk=product.pk).update(is_active=True, category=tea)
    assert counts() == {"tea": 4, "black": 2, "smoked": 0, "empty": 0}
    Category.objects.filter(pk=black.pk).update(is_active=False)
    assert counts() == {"tea": 2, "empty": 0}


def test_empty_shop(client: JSONClient) -> None:
    assert client.get(PATH).json() == []


def test_hidden_category_hides_all_below(client: JSONClient, make_category: Make) -> None:
    make_category(name="shown")
    top = make_category(name="top", is_active=False)
    child = make_category(name="child", parent=top)
    make_category(name="grandchild", parent=child)
    assert names(client) == ["shown"]
    Category.objects.filter(pk=top.pk).update(is_active=True)
    assert names(client) == ["shown", "top", "child", "grandchild"]
    Category.objects.filter(pk=child.pk).update(is_active=False)
    assert names(client) == ["shown", "top"]


def test_circle_of_parents_comes_to_an_end(client: JSONClient, make_category: Make) -> None:
    """The admin refuses one, an import by SQL may not."""
    one = make_category()
    two = make_category(parent=one)
    make_category(name="shown")
    Category.objects.filter(pk=one.pk).update(parent=two)
    assert names(client) == ["shown"]
    assert client.get(f"/api/v1/products?category_id={one.pk}").json()["results"] == []


def test_one_query_for_any_number(
    client: JSONClient, make_category: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (1, 10):
        for _ in range(number):
            make_category(parent=make_category())
        with django_assert_num_queries(1):
            client.get(PATH)


def test_slash_at_the_end_changes_nothing(client: JSONClient, make_category: Make) -> None:
    make_category()
    assert client.get(f"{PATH}/").json() == client.get(PATH).json() != []


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "nonsense"])
def test_answer_is_json_whatever_is_accepted(accept: str, client: JSONClient) -> None:
    assert client.get(PATH, HTTP_ACCEPT=accept)["Content-Type"] == "application/json"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_only_reading(method: str, client: JSONClient) -> None:
    answer = getattr(client, method)(PATH, {})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
