"""GET /api/v1/products."""

import base64
from typing import Any
from urllib.parse import quote

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from catalog.models import Product
from conftest import JSONClient, Make

pytestmark = pytest.mark.django_db

PATH = "/api/v1/products"
MADE_UP_CURSORS = [
    *(b"", b"p=", b"p=abc", b"p=-1", b"p=1.5", b"p=1\0", b"p=1\n", b"p=%31", b"p=1' OR 1=1 --", b"p=" + b"9" * 19),
    *(b"p=1&p=2", b"o=-1&p=1", b"o=99999&p=1", b"r=2&p=1", b"x=1", b"\xff"),
]


def ids(client: JSONClient, query: str = "") -> list[int]:
    answer = client.get(PATH + query)
    assert answer.status_code == 200
    return [product["id"] for product in answer.json()["results"]]


def pages(client: JSONClient, address: str, link: str = "next") -> list[list[int]]:
    """Follow the links from page to page; return the ids of each."""
    found = []
    while address:
        page = client.get(address).json()
        found.append([product["id"] for product in page["results"]])
        address = page[link]
    return found


def test_newest_product_is_first_and_has_its_empty_fields(client: JSONClient, make_product: Make) -> None:
    make_product()
    gift = make_product(name="Открытка", price="0", stock=0)
    first, _ = client.get(PATH).json()["results"]
    empty = ("description", "price", "price_max", "old_price", "images", "pictures", "in_stock")
    assert first["id"] == gift.pk
    assert [first[name] for name in empty] == ["", "0.00", "0.00", None, [], [], False]


def test_product_has_all_fields(client: JSONClient, make_product: Make) -> None:
    tea = make_product(
        name="Иван-чай",
        slug="ivan-chai",
        sku="TEA-007",
        description="Собран в июле.",
        price="390",
        old_price="450.5",
        images=["https://cdn.example.org/a.jpg"],
        stock=3,
    )
    answer = client.get(PATH)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {
        "next": None,
        "previous": None,
        "corrected": None,
        "results": [
            {
                "id": tea.pk,
                "category_id": tea.category_id,
                "name": "Иван-чай",
                "slug": "ivan-chai",
                "sku": "TEA-007",
                "description": "Собран в июле.",
                "price": "390.00",
                "price_max": "390.00",
                "old_price": "450.50",
                "images": ["https://cdn.example.org/a.jpg"],
                "in_stock": True,
                "variant_id": tea.variant_id,
                "created_at": tea.created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                "pictures": [
                    {
                        "url": "https://cdn.example.org/a.jpg",
                        "thumbnail": None,
                        "width": None,
                        "height": None,
                        "alt": "Иван-чай",
                    }
                ],
            },
        ],
    }


def test_empty_shop(client: JSONClient) -> None:
    assert client.get(PATH).json() == {"next": None, "previous": None, "results": [], "corrected": None}


def test_what_is_not_on_sale_is_not_there(client: JSONClient, make_category: Make, make_product: Make) -> None:
    hidden = make_category(is_active=False)
    below = make_category(parent=hidden)
    make_product(is_active=False)
    make_product(category=hidden)
    make_product(category=below)
    shown = make_product()
    assert ids(client) == [shown.pk]
    assert ids(client, f"?category_id={hidden.pk}") == []
    assert ids(client, f"?category_id={below.pk}") == []


def test_category_with_all_below(client: JSONClient, make_category: Make, make_product: Make) -> None:
    tea = make_category()
    black = make_category(parent=tea)
    assam = make_category(parent=black)
    secret = make_category(parent=tea, is_active=False)
    in_tea, in_black, in_assam = (make_product(category=category) for category in (tea, black, assam))
    make_product(category=secret)
    make_product()
    assert ids(client, f"?category_id={tea.pk}") == [in_assam.pk, in_black.pk, in_tea.pk]
    assert ids(client, f"?category_id={black.pk}") == [in_assam.pk, in_black.pk]
    assert ids(client, f"?category_id={assam.pk}") == [in_assam.pk]


@pytest.mark.parametrize("number", ["999999999", "1000000000000", str(2**63 - 1)])
def test_category_that_is_not_there_is_empty(number: str, client: JSONClient, make_product: Make) -> None:
    make_product()
    assert ids(client, f"?category_id={number}") == []


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 100])
def test_every_product_is_on_one_page(size: int, client: JSONClient, make_product: Make) -> None:
    made = [make_product().pk for _ in range(7)][::-1]
    found = pages(client, f"{PATH}?page_size={size}")
    assert found == [made[start : start + size] for start in range(0, 7, size)]


def test_page_has_20_unless_told_otherwise(client: JSONClient, make_product: Make) -> None:
    made = [make_product().pk for _ in range(21)][::-1]
    assert pages(client, PATH) == [made[:20], made[20:]]


def test_new_and_removed_products_shift_nothing(client: JSONClient, make_product: Make) -> None:
    made = [make_product().pk for _ in range(6)][::-1]
    first = client.get(f"{PATH}?page_size=2").json()
    make_product()
    Product.objects.filter(pk__in=[made[0], made[3]]).update(is_active=False)
    assert pages(client, first["next"]) == [[made[2], made[4]], [made[5]]]


def test_previous_leads_back(client: JSONClient, make_product: Make) -> None:
    made = [make_product().pk for _ in range(5)][::-1]
    there = client.get(f"{PATH}?page_size=2").json()
    assert there["previous"] is None
    while there["next"]:
        there = client.get(there["next"]).json()
    assert pages(client, there["previous"], "previous") == [made[2:4], made[:2]]


def test_links_keep_the_filter(client: JSONClient, make_category: Make, make_product: Make) -> None:
    tea = make_category()
    made = [make_product(category=tea).pk for _ in range(3)][::-1]
    make_product()
    address = client.get(f"{PATH}?category_id={tea.pk}&page_size=2").json()["next"]
    assert address.startswith("http://testserver/api/v1/products?")
    assert pages(client, address) == [made[2:]]


@pytest.mark.parametrize("value", ["0", "-1", "101", "1000", "abc", "", "1.5", "1e1", "٥", " 5", "+5", "5\0", "5 5"])
def test_wrong_page_size(value: str, client: JSONClient) -> None:
    assert_refused(client, "page_size", value, [{"code": "invalid", "message": "Write a whole number from 1 to 100."}])


@pytest.mark.parametrize(
    "value",
    [
        "",
        "abc",
        "й",
        "\0",
        "%%%",
        *(base64.b64encode(text).decode() for text in MADE_UP_CURSORS),
    ],
)
def test_wrong_cursor(value: str, client: JSONClient, make_product: Make) -> None:
    make_product()
    assert_refused(
        client, "cursor", value, [{"code": "invalid", "message": "Take the cursor from `next` or `previous`."}]
    )


@pytest.mark.parametrize(
    "value", ["abc", "0", "-1", "1.5", "1\0", str(2**63), "9" * 400, "1e400", "NaN", "Infinity", "٥x"]
)
def test_wrong_category_id(value: str, client: JSONClient) -> None:
    assert_refused(client, "category_id", value, None)


def assert_refused(client: JSONClient, name: str, value: str, errors: Any) -> None:
    """Check for a 400 that names the parameter; `errors` None: whatever is said of it."""
    answer = client.get(f"{PATH}?{name}={quote(value)}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()["errors"]
    assert answer.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "Some values are not right; `errors` says which.",
        "code": "invalid",
        "errors": {name: errors or said.get(name)},
    }
    assert said[name]
    assert all(error["message"] for error in said[name])


def test_slash_at_the_end_changes_nothing(client: JSONClient, make_product: Make) -> None:
    made = make_product()
    assert ids(client, "/") == [made.pk]


@pytest.mark.parametrize(("stock", "in_stock"), [(None, True), (0, False), (1, True), (10**9, True)])
def test_in_stock(stock: int | None, in_stock: bool, client: JSONClient, make_product: Make) -> None:
    make_product(stock=stock)
    product = client.get(PATH).json()["results"][0]
    assert product["in_stock"] is in_stock
    assert "stock" not in product  # how many are left is the shop's own business


@pytest.mark.parametrize(
    ("public_url", "root"), [("", "http://testserver"), ("https://shop.example.org", "https://shop.example.org")]
)
def test_images_are_absolute(
    public_url: str, root: str, client: JSONClient, make_product: Make, settings: Settings
) -> None:
    settings.PUBLIC_URL = public_url
    make_product(images=["tea/чай 1.jpg", "https://cdn.example.org/a.jpg?w=1", "http://example.org/b.png"])
    assert client.get(PATH).json()["results"][0]["images"] == [
        f"{root}/media/tea/%D1%87%D0%B0%D0%B9%201.jpg",
        "https://cdn.example.org/a.jpg?w=1",
        "http://example.org/b.png",
    ]


def test_one_query_for_any_number(
    client: JSONClient, make_category: Make, make_product: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (1, 10):
        for _ in range(number):
            make_product(category=make_category(), images=["a.jpg"])
        for query in ("", "?page_size=5", f"?category_id={make_category().pk}"):
            with django_assert_num_queries(1):
                client.get(PATH + query)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_only_reading(method: str, client: JSONClient) -> None:
    answer = getattr(client, method)(PATH, {})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
