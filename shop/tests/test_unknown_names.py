"""Query parameters and body fields that an operation does not have: a 400 that names them."""

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from conftest import Headers, JSONClient, Make
from shop.tests.test_schema import CONTRACT, operations

pytestmark = pytest.mark.django_db

OPERATIONS = [*CONTRACT, ("get", "/api/v1/schema")]
UNKNOWN = [{"code": "unknown", "message": "There is no such parameter."}]


def objects(body: Any) -> Iterator[dict[str, Any]]:
    """Yield a JSON object and all objects in it."""
    if isinstance(body, dict):
        yield body
    for inner in body.values() if isinstance(body, dict) else body if isinstance(body, list) else ():
        yield from objects(inner)


def leaves(errors: Any) -> Iterator[tuple[str, str]]:
    """Yield name and code of each error, at any depth."""
    for name, inner in errors.items():
        if isinstance(inner, dict):
            yield from leaves(inner)
        else:
            yield from ((name, each["code"]) for each in inner)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("name", ["surprise", "utm_source", "tgWebAppStartParam", "non_field_errors"])
def test_each_operation_refuses_an_unknown_parameter(
    method: str, path: str, name: str, client: JSONClient, alice: Headers
) -> None:
    for spelling in (path, f"{path}/"):
        address = re.sub(r"\{\w*id\}", "1", spelling).replace("{slug}", "terms")
        answer = client.generic(method, f"{address}?{name}=1", **alice)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), spelling
        assert [*leaves(answer.json()["errors"])] == [(name, "unknown")], spelling


@pytest.mark.parametrize(("method", "path"), [call for call in CONTRACT if call[0] not in ("get", "delete")])
def test_each_operation_refuses_an_unknown_field_at_each_depth(
    method: str, path: str, client: JSONClient, alice: Headers
) -> None:
    content = operations(client.get("/api/v1/schema").json())[method, path].get("requestBody", {}).get("content", {})
    examples = content.get("application/json", {}).get("examples", {"none": {"value": {}}})
    for example in examples.values():
        for number, _ in enumerate(objects(example["value"])):
            body = copy.deepcopy(example["value"])
            [*objects(body)][number]["surprise"] = 1
            answer = getattr(client, method)(re.sub(r"\{\w*id\}", "1", path), body, **alice)
            assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), body
            assert [*leaves(answer.json()["errors"])] == [("surprise", "unknown")], body


def test_misspelled_filter_is_named_with_the_allowed_ones(client: Client) -> None:
    message = client.get("/api/v1/products?catgory_id=3").json()["errors"]["catgory_id"][0]["message"]
    assert message == (
        "There is no such parameter. Allowed: "
        "category_id, cursor, ids, in_stock, max_price, min_price, ordering, page_size, search."
    )


def test_operation_without_parameters_allows_none(client: Client, make_product: Make) -> None:
    answer = client.get(f"/api/v1/products/{make_product().pk}?page=2")
    assert answer.json()["errors"] == {"page": UNKNOWN}


def test_empty_parts_of_a_query_are_no_parameters(client: Client, make_product: Make) -> None:
    make_product()
    assert client.get("/api/v1/categories?&&").status_code == 200


def test_wrong_method_is_a_405_whatever_the_query(client: Client) -> None:
    assert client.delete("/api/v1/products?surprise=1").status_code == 405


def test_unknown_and_wrong_fields_are_reported_together(client: JSONClient, alice: Headers) -> None:
    answer = client.patch("/api/v1/users/me", {"phone": 5, "is_staff": True, "id": 1}, **alice)
    assert sorted(leaves(answer.json()["errors"])) == [("id", "unknown"), ("is_staff", "unknown"), ("phone", "invalid")]


@pytest.mark.parametrize("name", ["code", "message", "items", "0", "", "non_field_errors", "a\0", "я", "x" * 60])
def test_field_of_any_name_is_named(name: str, client: JSONClient, alice: Headers) -> None:
    """Also a name that the body of an error has itself, and both of them."""
    answer = client.patch("/api/v1/users/me", {name: 1, "code": 1, "message": 2}, **alice)
    assert {*leaves(answer.json()["errors"])} == {(each, "unknown") for each in (name, "code", "message")}


def test_names_that_no_answer_can_hold_are_made_printable(client: JSONClient, alice: Headers) -> None:
    for sent, shown in ((rb"\ud800", "?"), (b"x" * 61, "x" * 60 + "…")):
        answer = client.generic("PATCH", "/api/v1/users/me", b'{"%b": 1}' % sent, "application/json", **alice)
        assert (answer.status_code, [*answer.json()["errors"]]) == (400, [shown])


def test_answer_to_thousands_of_unknown_names_is_short(client: JSONClient, alice: Headers) -> None:
    answer = client.patch("/api/v1/users/me", {f"f{number}": 1 for number in range(5000)}, **alice)
    assert len(answer.json()["errors"]) == 20


def test_order_with_an_unknown_field_is_not_placed(client: JSONClient, alice: Headers, make_product: Make) -> None:
    items = [{"product_id": make_product().pk, "quantity": 1}]
    refused = client.post("/api/v1/orders", {"items": items, "promo": "SALE"}, HTTP_IDEMPOTENCY_KEY="k-1", **alice)
    assert refused.json()["errors"].keys() == {"promo"}
    placed = client.post("/api/v1/orders", {"items": items}, HTTP_IDEMPOTENCY_KEY="k-1", **alice)
    assert placed.status_code == 201


def test_order_is_not_cancelled_by_a_request_with_a_body(
    client: JSONClient, alice: Headers, make_product: Make
) -> None:
    items = [{"product_id": make_product().pk, "quantity": 1}]
    order = client.post("/api/v1/orders", {"items": items}, **alice).json()["id"]
    refused = client.post(f"/api/v1/orders/{order}/cancel", {"items": []}, **alice)
    assert refused.json()["errors"].keys() == {"items"}
    assert client.get(f"/api/v1/orders/{order}", **alice).json()["status"] == "new"
    assert client.post(f"/api/v1/orders/{order}/cancel", {}, **alice).json()["status"] == "cancelled"
