"""GET /api/v1/products/suggest?q=."""

from urllib.parse import quote

import pytest

from conftest import JSONClient, Make

pytestmark = pytest.mark.django_db

PATH = "/api/v1/products/suggest"


def suggestions(client: JSONClient, text: str) -> list[str]:
    answer = client.get(f"{PATH}?q={quote(text)}")
    assert answer.status_code == 200, answer.content
    assert answer.json().keys() == {"results", "products", "categories", "corrected"}
    assert answer.json()["results"] == [product["name"] for product in answer.json()["products"]]
    return list(answer.json()["results"])


@pytest.fixture
def shop(make_category: Make, make_product: Make) -> None:
    """Put some goods on sale, and some not."""
    make_product(name="Футболка белая", description="К джинсам.")
    make_product(name="Футболка чёрная", sku="TS-1")
    make_product(name="Футляр для очков")
    make_product(name="Джинсы")
    make_product(name="Футбол", is_active=False)
    make_product(name="Футбольный мяч", category=make_category(is_active=False))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("фут", ["Футляр для очков", "Футболка чёрная", "Футболка белая"]),
        ("ФУТБ", ["Футболка чёрная", "Футболка белая"]),
        ("футболка бе", ["Футболка белая"]),
        ("aen,", ["Футболка чёрная", "Футболка белая"]),
        ("фтболка", ["Футболка чёрная", "Футболка белая"]),
        ("джинс", ["Джинсы"]),  # a name, and not what the name is not
        ("ts-1", ["Футболка чёрная"]),
        ("утюг", []),
        ("!!!", []),
        ("", []),
        (" ", []),
    ],
)
def test_names(text: str, names: list[str], client: JSONClient, shop: None) -> None:
    assert suggestions(client, text) == names


def test_at_most_eight_and_none_twice(client: JSONClient, make_product: Make) -> None:
    for number in range(12):
        make_product(name=f"Чай {number // 2}")
    assert suggestions(client, "чай") == [f"Чай {number}" for number in (5, 4, 3, 2, 1, 0)]
    for number in range(12):
        make_product(name=f"Кофе {number}")
    assert suggestions(client, "коф") == [f"Кофе {number}" for number in range(11, 3, -1)]


@pytest.mark.parametrize("query", ["", "?q=%00", "?q=" + "a" * 201])
def test_wrong_text(query: str, client: JSONClient) -> None:
    answer = client.get(PATH + query)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert list(answer.json()["errors"]) == ["q"]
