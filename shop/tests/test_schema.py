"""OpenAPI file: valid, complete, and true to the API."""

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import requests
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from conftest import Make
from testing.bot_api import DEADLINE
from testing.web import web

CONTRACT = {
    ("get", "/api/v1/categories"): "all",
    ("get", "/api/v1/products"): "all",
    ("get", "/api/v1/products/facets"): "all",
    ("get", "/api/v1/products/suggest"): "all",
    ("get", "/api/v1/products/{id}"): "all",
    ("get", "/api/v1/products/{id}/related"): "all",
    ("post", "/api/v1/cart/quote"): "all, or a customer",
    ("get", "/api/v1/shop"): "all",
    ("get", "/api/v1/pages/{slug}"): "all",
    ("post", "/api/v1/orders"): "customer",
    ("get", "/api/v1/orders/my"): "customer",
    ("get", "/api/v1/orders/{id}"): "customer",
    ("post", "/api/v1/orders/{id}/cancel"): "customer",
    ("post", "/api/v1/orders/{id}/agree-to-delivery-price"): "customer",
    ("get", "/api/v1/delivery-methods"): "all",
    ("get", "/api/v1/payment-methods"): "all",
    ("post", "/api/v1/orders/{id}/repeat"): "customer",
    ("get", "/api/v1/users/me"): "customer",
    ("get", "/api/v1/users/me/addresses"): "customer",
    ("delete", "/api/v1/users/me/addresses/{id}"): "customer",
    ("get", "/api/v1/users/me/favourites"): "customer",
    ("get", "/api/v1/users/me/favourites/ids"): "customer",
    ("put", "/api/v1/users/me/favourites/{product_id}"): "customer",
    ("delete", "/api/v1/users/me/favourites/{product_id}"): "customer",
    ("get", "/api/v1/users/me/subscriptions"): "customer",
    ("put", "/api/v1/users/me/subscriptions/{variant_id}"): "customer",
    ("delete", "/api/v1/users/me/subscriptions/{variant_id}"): "customer",
    ("patch", "/api/v1/users/me"): "customer",
}
SECURITY: dict[str, list[dict[str, list[str]]]] = {
    "all": [{}],
    "customer": [{"tma": []}],
    "all, or a customer": [{"tma": []}, {}],
}
FILTERS = {"search", "category_id", "min_price", "max_price", "in_stock", "ids"}
# Error statuses that every operation may answer; those with a body have more.
ALWAYS, WITH_A_BODY = {"400", "405", "429", "500", "503"}, {"413", "415"}


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    """Return the OpenAPI document as the shop gives it out."""
    answer = client.get("/api/v1/schema")
    assert answer.status_code == 200
    return dict(json.loads(answer.content))


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_document_is_valid_and_generated_without_warnings(tmp_path: Path) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "openapi.yaml"))


def test_document_has_exactly_the_operations_of_the_contract(document: dict[str, Any]) -> None:
    assert operations(document).keys() == CONTRACT.keys()


@pytest.mark.parametrize("slash", ["", "/"])
def test_document_needs_no_sign_in_and_no_database(slash: str, client: Client) -> None:
    answer = client.get(f"/api/v1/schema{slash}")
    assert answer.status_code == 200
    assert json.loads(answer.content)["openapi"].startswith("3.1")


def test_every_operation_has_its_security(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["tma"].keys() == {"type", "in", "name", "description"}
    assert document["components"]["securitySchemes"]["tma"]["name"] == "Authorization"
    assert "initData" in document["components"]["securitySchemes"]["tma"]["description"]
    for call, who in CONTRACT.items():
        operation = operations(document)[call]
        assert operation["security"] == SECURITY[who], call
        assert ("401" in operation["responses"]) is (who != "all"), call


def test_every_operation_has_a_summary_and_examples(document: dict[str, Any]) -> None:
    for call in CONTRACT:
        operation = operations(document)[call]
        assert operation["summary"], call
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        answers = operation["responses"]
        bodies += [answer for status, answer in answers.items() if status.startswith("2") and status != "204"]
        assert "content" not in answers.get("204", {}), call
        for body in bodies:
            assert body["content"].keys() == {"application/json"}, call
            assert body["content"]["application/json"]["examples"], call


def test_every_error_response_is_a_problem_with_codes(document: dict[str, Any]) -> None:
    for call in CONTRACT:
        for status, answer in operations(document)[call]["responses"].items():
            if not status.startswith("2"):
                if status == "304":
                    assert "content" not in answer
                    continue
                codes = re.findall("`([a-z_]+)`", answer["description"].partition("Codes: ")[2])
                schema = answer["content"]["application/problem+json"]["schema"]
                components = [each["$ref"].rpartition("/")[2] for each in schema.get("oneOf", [schema])]
                schemas = [document["components"]["schemas"][name]["properties"] for name in components]
                assert [schema["code"]["const"] for schema in schemas] == codes != [], (call, status)
                assert schema.get("discriminator", {}).get("mapping", {}).keys() == (set(codes) if codes[1:] else set())


def test_every_operation_has_the_statuses_that_all_can_have(document: dict[str, Any]) -> None:
    for method, path in CONTRACT:
        responses = operations(document)[method, path]["responses"]
        expected = ALWAYS | (set() if method in ("get", "delete") else WITH_A_BODY)
        assert (
            expected <= responses.keys() <= expected | {"200", "201", "204", "304", "401", "403", "404", "409", "422"}
        )
        assert ("304" in responses) is (method == "get" and CONTRACT[method, path] == "all")
        assert ("404" in responses) is ("{" in path)


def test_headers_are_described(document: dict[str, Any]) -> None:
    expected = {"401": {"WWW-Authenticate"}, "405": {"Allow"}, "429": {"Retry-After"}, "503": {"Retry-After"}}
    for call in CONTRACT:
        for status, answer in operations(document)[call]["responses"].items():
            headers = answer.get("headers", {}).keys()
            if status >= "400":
                assert headers == {"Content-Language"} | expected.get(status, set()), (call, status)
            elif status == "304" or (status == "200" and CONTRACT[call] == "all"):
                assert headers == {"ETag"}, (call, status)
    assert operations(document)["post", "/api/v1/orders"]["responses"]["200"]["headers"].keys() == {
        "Idempotent-Replayed"
    }


def test_ids_in_paths_are_integers_or_slugs(document: dict[str, Any]) -> None:
    for (_, path), operation in operations(document).items():
        in_path = [each["schema"] for each in operation.get("parameters", []) if each["in"] == "path"]
        types = [[each["type"] for each in schema.get("anyOf", [schema])] for schema in in_path]
        of_products = [["integer", "string"]] if path.startswith("/api/v1/products/{id}") else None
        assert types == (of_products or [["string" if "{slug}" in path else "integer"]] * path.count("{")), path


def test_bodies_allow_no_further_fields(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    requests_ = {name: schema for name, schema in schemas.items() if name.endswith("Request")}
    assert {"CartRequest", "CartItemRequest", "PlaceOrderRequest"} <= requests_.keys()
    assert all(schema["additionalProperties"] is False for schema in requests_.values())


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Return a validator of a schema of the document."""
    return jsonschema_rs.Draft202012Validator(
        {"$ref": "#/schema", "schema": schema, "components": document["components"]}, validate_formats=True
    )


def examples(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Yield name, schema and value of each example of bodies and responses."""
    for (method, path), operation in operations(document).items():
        for place, answer in {"request": operation.get("requestBody", {}), **operation["responses"]}.items():
            for media in answer.get("content", {}).values():
                for name, example in media.get("examples", {}).items():
                    yield f"{method} {path} {place} {name}", media["schema"], example["value"]


def schemas_with_an_example(node: Any) -> Iterator[dict[str, Any]]:
    """Yield each schema that has an example itself."""
    if isinstance(node, dict) and "example" in node and "type" in node:
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from schemas_with_an_example(inner)


def test_every_example_is_valid(document: dict[str, Any]) -> None:
    found = [*examples(document)]
    with_content = [call for call, operation in operations(document).items() if "204" not in operation["responses"]]
    assert len(found) >= len(with_content)
    for name, schema, value in found:
        assert [error.message for error in validator(document, schema).iter_errors(value)] == [], name
    inner = [*schemas_with_an_example(document)]
    assert len(inner) >= 10
    for schema in inner:
        assert validator(document, schema).is_valid(schema["example"]), schema


def test_lists_have_their_parameters(document: dict[str, Any]) -> None:
    expected = {
        "/api/v1/products": {*FILTERS, "ordering", "cursor", "page_size"},
        "/api/v1/products/facets": FILTERS,
        "/api/v1/products/suggest": {"q"},
        "/api/v1/orders/my": {"cursor", "page_size"},
        "/api/v1/users/me/favourites": {"cursor", "page_size"},
    }
    for path, names in expected.items():
        parameters = document["paths"][path]["get"]["parameters"]
        assert names == {parameter["name"] for parameter in parameters if parameter["in"] == "query"}
    headers = {
        parameter["name"]: parameter["in"] for parameter in document["paths"]["/api/v1/orders"]["post"]["parameters"]
    }
    assert headers == {"Idempotency-Key": "header"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/products", "/api/v1/products/facets", "/api/v1/products/suggest"])
def test_empty_values_are_accepted_as_documented(
    path: str, document: dict[str, Any], client: Client, make_product: Make
) -> None:
    make_product()
    needed = "q=" if path.endswith("suggest") else ""
    as_not_sent = client.get(f"{path}?{needed}").json()
    for parameter in document["paths"][path]["get"]["parameters"]:
        name, schema = parameter["name"], parameter["schema"]
        answer = client.get(f"{path}?{name}=")
        if parameter.get("allowEmptyValue") or (schema["type"] == "string" and not schema.get("minLength")):
            assert (answer.status_code, answer.json()) == (200, as_not_sent), name
        else:
            assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("search", "x" * 201),
        ("search", "a\0b"),
        ("category_id", "0"),
        ("category_id", "1.5"),
        ("category_id", str(2**63)),
        ("min_price", "-1"),
        ("max_price", "10000000000"),
        ("in_stock", "maybe"),
        ("ids", "1,"),
        ("ids", ",".join(["1"] * 101)),
        ("ordering", "best"),
        ("page_size", "101"),
        ("page_size", "0"),
    ],
)
def test_invalid_values_are_invalid_in_the_document(
    name: str, value: str, document: dict[str, Any], client: Client
) -> None:
    parameters = {each["name"]: each["schema"] for each in document["paths"]["/api/v1/products"]["get"]["parameters"]}
    types: dict[str, Callable[[str], Any]] = {"string": str, "integer": int, "number": float, "boolean": json.loads}
    try:
        jsonschema_rs.validate(parameters[name], types[parameters[name]["type"]](value))
    except (ValueError, jsonschema_rs.ValidationError):
        answer = client.get("/api/v1/products", {name: value})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])
    else:
        raise AssertionError(f"the document allows {name}={value}")


@pytest.mark.parametrize("path", ["/docs", "/docs/"])
def test_docs_load_local_files_only(path: str, client: Client) -> None:
    """They work without the internet, and send no request to third parties."""
    answer = client.get(path)
    page = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "/api/v1/schema" in page
    addresses = re.findall(r"""(?:src|href)=["']([^"']+)["']""", page)
    assert len(addresses) >= 4
    for address in addresses:
        assert address.startswith("/static/"), address
        assert finders.find(address.removeprefix("/static/")), address
    assert not re.search(r"https?://", page)


def test_document_is_generated_once_for_concurrent_requests(subprocess_env: dict[str, str], tmp_path: Path) -> None:
    """In a process that has just started; two threads that made it at once ended in a 500."""
    with web(subprocess_env, tmp_path / "log") as url, ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: requests.get(f"{url}/api/v1/schema", timeout=DEADLINE), range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.content for answer in answers}) == 1
