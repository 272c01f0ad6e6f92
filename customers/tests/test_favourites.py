"""/api/v1/users/me/favourites."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from catalog.models import Product
from conftest import Headers, JSONClient, Make
from customers import favourites
from customers.favourites import FavouritesLimitReached, add_favourite
from customers.models import Favourite
from testing.threads import together

pytestmark = pytest.mark.django_db
URL = "/api/v1/users/me/favourites"


def listed(client: JSONClient, who: Headers, **parameters: Any) -> list[int]:
    answer = client.get(URL, parameters, **who)
    assert answer.status_code == 200
    return [product["id"] for product in answer.json()["results"]]


def test_favourites_are_listed_as_products_newest_first(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea, jam = make_product(name="Tea", images=["tea.jpg"]), make_product(name="Jam")
    for product in (jam, tea):
        answer = client.put(f"{URL}/{product.pk}", **alice)
        assert (answer.status_code, answer.content) == (204, b"")
    catalog = client.get("/api/v1/products", {"ids": f"{tea.pk},{jam.pk}", "ordering": "-price"}).json()["results"]
    by_id = {product["id"]: product for product in catalog}
    answer = client.get(URL, **alice)
    assert answer.json() == {"next": None, "previous": None, "results": [by_id[tea.pk], by_id[jam.pk]]}
    assert "public" not in answer.get("Cache-Control", "")
    assert client.get(f"{URL}/ids", **alice).json() == {"ids": [tea.pk, jam.pk]}


def test_second_put_and_second_delete_change_nothing(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea, jam = make_product(), make_product()
    for product in (tea, jam, tea):
        assert client.put(f"{URL}/{product.pk}", **alice).status_code == 204
    assert listed(client, alice) == [jam.pk, tea.pk]
    for _time in range(2):
        assert client.delete(f"{URL}/{jam.pk}", **alice).status_code == 204
    assert listed(client, alice) == [tea.pk]


def test_favourites_belong_to_their_customer(
    client: JSONClient, alice: Headers, bob: Headers, make_product: Make
) -> None:
    tea = make_product()
    client.put(f"{URL}/{tea.pk}", **alice)
    assert listed(client, bob) == []
    assert client.get(f"{URL}/ids", **bob).json() == {"ids": []}
    client.delete(f"{URL}/{tea.pk}", **bob)
    assert listed(client, alice) == [tea.pk]


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_favourites_need_sign_in(client: JSONClient, make_product: Make, method: str) -> None:
    url = URL if method == "get" else f"{URL}/{make_product().pk}"
    answer = getattr(client, method)(url)
    assert (answer.status_code, answer.json()["code"]) == (401, "init_data_missing")
    assert client.get(f"{URL}/ids").status_code == 401


def test_product_that_is_not_on_sale_is_not_found(
    client: JSONClient, alice: Headers, make_product: Make, make_category: Make
) -> None:
    hidden = make_product(is_active=False)
    in_hidden_category = make_product(category=make_category(is_active=False))
    for product_id in (hidden.pk, in_hidden_category.pk, 10**17):
        answer = client.put(f"{URL}/{product_id}", **alice)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not Favourite.objects.exists()


def test_hidden_product_leaves_the_list_and_returns(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea, jam = make_product(), make_product()
    for product in (tea, jam):
        client.put(f"{URL}/{product.pk}", **alice)
    Product.objects.filter(pk=jam.pk).update(is_active=False)
    assert listed(client, alice) == [tea.pk]
    assert client.delete(f"{URL}/{tea.pk}", **alice).status_code == 204
    Product.objects.filter(pk=jam.pk).update(is_active=True)
    assert listed(client, alice) == [jam.pk]


def test_list_has_pages_in_both_directions(client: JSONClient, alice: Headers, make_product: Make) -> None:
    products = [make_product().pk for _ in range(5)]
    for product_id in products:
        client.put(f"{URL}/{product_id}", **alice)
    newest = products[::-1]
    pages, url = [], f"{URL}?page_size=2"
    while url:
        answer = client.get(url, **alice).json()
        pages.append(answer)
        url = answer["next"] and f"{URL}?{urlsplit(answer['next']).query}"
    assert [[each["id"] for each in page["results"]] for page in pages] == [newest[:2], newest[2:4], newest[4:]]
    back = client.get(f"{URL}?{urlsplit(pages[1]['previous']).query}", **alice).json()
    assert [each["id"] for each in back["results"]] == newest[:2]


@pytest.mark.parametrize("name", ["ordering", "search", "user"])
def test_unknown_parameter_is_refused(client: JSONClient, alice: Headers, name: str) -> None:
    assert client.get(URL, {name: "1"}, **alice).status_code == 400
    assert client.get(f"{URL}/ids", {name: "1"}, **alice).status_code == 400


def test_unknown_field_of_a_put_is_refused(client: JSONClient, alice: Headers, make_product: Make) -> None:
    answer = client.put(f"{URL}/{make_product().pk}", {"note": "Yes"}, **alice)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_list_takes_one_query_besides_sign_in(client: JSONClient, alice: Headers, make_product: Make) -> None:
    for _ in range(3):
        client.put(f"{URL}/{make_product().pk}", **alice)
    with CaptureQueriesContext(connection) as queries:
        assert len(listed(client, alice)) == 3
    assert len([each for each in queries if "customers_favourite" in each["sql"]]) == 1
    assert len(queries) <= 2


def test_limit_is_refused_and_a_known_favourite_is_not(
    client: JSONClient, alice: Headers, make_product: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(favourites, "MAX_FAVOURITES", 2)
    first, second, third = (make_product().pk for _ in range(3))
    for product_id in (first, second):
        client.put(f"{URL}/{product_id}", **alice)
    answer = client.put(f"{URL}/{third}", **alice)
    assert (answer.status_code, answer.json()["code"], answer.json()["limit"]) == (409, "favourites_limit", 2)
    assert client.put(f"{URL}/{first}", **alice).status_code == 204
    client.delete(f"{URL}/{first}", **alice)
    assert client.put(f"{URL}/{third}", **alice).status_code == 204


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_stay_within_the_limit(
    alice_user: User, make_product: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(favourites, "MAX_FAVOURITES", 2)
    products = [make_product() for _ in range(6)]
    results = together(
        [lambda product=each: add_favourite(user=alice_user, product=product) for each in products]  # type: ignore[misc]
    )
    assert [type(each) for each in results if each] == [FavouritesLimitReached] * 4
    assert Favourite.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_same_favourite_twice_at_once_is_one_row(alice_user: User, make_product: Make) -> None:
    tea = make_product()
    assert together([lambda: add_favourite(user=alice_user, product=tea)] * 4) == [None] * 4
    assert Favourite.objects.count() == 1


def test_deleted_customers_and_products_take_their_favourites_with_them(
    client: JSONClient, alice: Headers, bob: Headers, make_product: Make
) -> None:
    tea, jam = make_product(), make_product()
    for who in (alice, bob):
        for product in (tea, jam):
            client.put(f"{URL}/{product.pk}", **who)
    User.objects.get(telegram_id=1001).delete()
    assert Favourite.objects.count() == 2
    Product.objects.get(pk=jam.pk).delete()
    assert listed(client, bob) == [tea.pk]
