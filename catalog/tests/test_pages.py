"""GET /api/v1/products: pages, under every ordering."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from catalog.models import Product
from conftest import JSONClient, Make

pytestmark = pytest.mark.django_db

PATH = "/api/v1/products"
ORDERINGS: dict[str, Callable[[Product], Any]] = {
    "newest": lambda product: -product.pk,
    "price": lambda product: (product.price, product.pk),
    "-price": lambda product: (-product.price, -product.pk),
    "name": lambda product: (product.name.lower().replace("ё", "е"), product.pk),
}


def walk(client: JSONClient, address: str | None, link: str = "next") -> list[list[int]]:
    found = []
    while address:
        page = client.get(address).json()
        found.append([product["id"] for product in page["results"]])
        address = page[link]
    return found


@pytest.fixture
def shop(make_category: Make, make_product: Make) -> int:
    """Put 24 products on sale that have 3 prices and 4 names, in two categories below one; return that one."""
    above = make_category()
    below = [make_category(parent=above) for _ in range(2)]
    for number in range(24):
        name = ("Ёлка", "елка", "Ваза", "Яблоко")[number % 4]
        make_product(name=name, price=number * 7 % 3, category=below[number % 2])
    return int(above.pk)


@pytest.mark.parametrize("size", [1, 2, 5, 23, 24, 25])
@pytest.mark.parametrize("ordering", ORDERINGS)
@pytest.mark.parametrize("more", ["", "&category_id={}"])
def test_every_product_once_there_and_back(ordering: str, size: int, more: str, client: JSONClient, shop: int) -> None:
    expected = [product.pk for product in sorted(Product.objects.all(), key=ORDERINGS[ordering])]
    address = f"{PATH}?ordering={ordering}&page_size={size}{more.format(shop)}"
    forward = walk(client, address)
    assert forward == [expected[start : start + size] for start in range(0, 24, size)]
    page = client.get(address).json()
    while page["next"]:
        page = client.get(page["next"]).json()
    back = walk(client, page["previous"], "previous")
    assert [pk for ids in reversed(back) for pk in ids] == [pk for ids in forward[:-1] for pk in ids]


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_edits_shift_nothing(ordering: str, client: JSONClient, shop: int, make_product: Make) -> None:
    """What was shown is not shown again, and what was to come comes, whatever is added, changed or removed."""
    expected = [product.pk for product in sorted(Product.objects.all(), key=ORDERINGS[ordering])]
    page = client.get(f"{PATH}?ordering={ordering}&page_size=6").json()
    shown = [product["id"] for product in page["results"]]
    Product.objects.filter(pk__in=[expected[0], expected[5], expected[8]]).delete()
    Product.objects.filter(pk=expected[2]).update(price=50, name="ЯЯ")
    rest = [pk for ids in walk(client, page["next"]) for pk in ids]
    moved = [expected[2]] if ordering in ("price", "name") else []  # it has really gone to the end
    assert rest == [pk for pk in expected[6:] if pk != expected[8]] + moved
    assert shown == expected[:6]


def test_a_page_of_what_has_gone_leads_back(client: JSONClient, make_product: Make) -> None:
    made = [make_product().pk for _ in range(4)][::-1]
    following = client.get(f"{PATH}?page_size=2").json()["next"]
    Product.objects.filter(pk__in=made[1:]).delete()
    page = client.get(following).json()
    assert (page["results"], page["next"]) == ([], None)
    assert walk(client, page["previous"], "previous") == [[made[0]]]


def test_cursor_of_another_ordering(client: JSONClient, shop: int) -> None:
    cursors = {
        ordering: parse_qs(urlsplit(client.get(f"{PATH}?ordering={ordering}&page_size=1").json()["next"]).query)[
            "cursor"
        ][0]
        for ordering in ORDERINGS
    } | {"": parse_qs(urlsplit(client.get(f"{PATH}?search=ваза&page_size=1").json()["next"]).query)["cursor"][0]}
    for ordering, query in [*((name, f"ordering={name}") for name in ORDERINGS), ("", "search=ваза")]:
        for of, cursor in cursors.items():
            answer = client.get(f"{PATH}?{query}&cursor={cursor}")
            assert answer.status_code == (200 if of == ordering else 400), (ordering, of)
            if of != ordering:
                assert list(answer.json()["errors"]) == ["cursor"]


PRICE = ["price", 0, 0, "1.00", 5]
NAME = ["name", 0, 0, "ваза", 5]
MADE_UP: list[Any] = [{}, [], "price", 5, None, ["price"], [["price"]]]


@pytest.mark.parametrize(
    ("ordering", "content"),
    [
        *(("price", PRICE[:3] + key) for key in ([], ["1.00"], [5], ["1.00", 5, 6], [1.0, 5], ["NaN", 5], ["1e3", 5])),
        *(("price", PRICE[:3] + key) for key in (["1.00", "5"], ["1.00", 0], ["1.00", -1], ["1.00", 2**63], [None, 5])),
        *(("price", PRICE[:3] + key) for key in (["9" * 11 + ".00", 5], ["٥.00", 5], ["1.00", True], ["1.00", 5.0])),
        *(("price", ["price", *head, "1.00", 5]) for head in ([2, 0], [True, 0], [0, 1], [0, -1], [0, 0.0], [0, "0"])),
        *(("name", NAME[:3] + key) for key in (["a\0", 5], ["\ud800", 5], [["a"], 5], [{}, 5], [None, 5])),
        *(("price", made_up) for made_up in MADE_UP),
    ],
)  # fmt: skip
def test_made_up_cursor(ordering: str, content: Any, client: JSONClient, shop: int) -> None:
    cursor = urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
    answer = client.get(f"{PATH}?ordering={ordering}&cursor={cursor}")
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["errors"]) == ["cursor"]


@pytest.mark.parametrize(
    "text", ["[" * 3000, '["price",0,0,' + "1" * 5000 + ",5]", '["price", 0,0,"1.00",5]', '{"a":1}x']
)
def test_cursor_that_is_no_text_of_ours(text: str, client: JSONClient) -> None:
    cursor = urlsafe_b64encode(text.encode()).decode().rstrip("=")
    assert client.get(f"{PATH}?ordering=price&cursor={cursor}").status_code == 400


def test_cursor_tells_nothing_but_the_place(client: JSONClient, shop: int) -> None:
    address = client.get(f"{PATH}?ordering=price&page_size=1").json()["next"]
    (cursor,) = parse_qs(urlsplit(address).query)["cursor"]
    first = min(Product.objects.all(), key=ORDERINGS["price"])
    assert json.loads(urlsafe_b64decode(cursor + "==")) == ["price", 0, 0, "0.00", first.pk]
