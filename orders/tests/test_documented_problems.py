"""Real errors, one for each code and more, compared with the OpenAPI file."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from catalog.models import Variant
from conftest import Headers, JSONClient, Make, SignIn
from orders.tests.refused import CALLS, PROFILE, Shop
from shop.tests.test_schema import validator
from testing.bot_api import DEADLINE
from testing.threads import beside

pytestmark = pytest.mark.django_db

UNDOCUMENTED = {"no route", "no page"}  # at addresses of no operation
NEVER_SENT = {"forbidden"}  # no view responds with it


@pytest.fixture
def document(client: JSONClient) -> dict[str, Any]:
    return dict(client.get("/api/v1/schema").json())


@pytest.fixture
def shop(
    client: JSONClient,
    alice: Headers,
    sign_in: SignIn,
    make_product: Make,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Shop:
    """Return a shop with one product, five pieces of it."""
    tea = make_product(pk=7, stock=5, price="100.00")
    return Shop(client, alice, sign_in, tea, settings, monkeypatch)


def documented(document: dict[str, Any], answer: Any) -> dict[str, Any]:
    """Return the description of an answer: of its operation, or of another one at this address for a wrong method."""
    request = answer.wsgi_request
    for path, methods in document["paths"].items():
        if re.fullmatch(re.sub(r"{[a-z_]+}", "[0-9]+", path) + "/?", request.path):
            operation = methods.get(request.method.lower()) or next(iter(methods.values()))
            return dict(operation["responses"][str(answer.status_code)])
    raise AssertionError(request.path)


def assert_is_documented(document: dict[str, Any], answer: Any) -> None:
    described = documented(document, answer)
    body = answer.json()
    schema = described["content"][answer["Content-Type"]]["schema"]
    assert [error.message for error in validator(document, schema).iter_errors(body)] == []
    (properties,) = (
        component["properties"]
        for each in schema.get("oneOf", [schema])
        for component in [document["components"]["schemas"][each["$ref"].rpartition("/")[2]]]
        if component["properties"]["code"]["const"] == body["code"]
    )
    assert body.keys() == properties.keys()
    for name, header in described["headers"].items():
        assert name in answer.headers, name
        sent: Any = answer[name]
        value = int(sent) if header["schema"]["type"] == "integer" else sent
        assert validator(document, header["schema"]).is_valid(value), name


@pytest.mark.parametrize("name", sorted(CALLS.keys() - UNDOCUMENTED - NEVER_SENT))
def test_error_is_documented(name: str, shop: Shop, document: dict[str, Any]) -> None:
    assert_is_documented(document, CALLS[name](shop))


@pytest.mark.django_db(transaction=True)
def test_key_in_use_is_documented(shop: Shop, document: dict[str, Any]) -> None:
    shop.client.get(PROFILE, **shop.alice)
    Variant.objects.update(stock=None)  # else the second request waits for the product, before the key
    second = replace(shop, client=JSONClient())
    with transaction.atomic():
        assert shop.order(key="k-1").status_code == 201
        with beside(lambda: second.order(key="k-1"), lock_timeout="200ms") as (request, _backend):
            assert_is_documented(document, request.result(DEADLINE))


@pytest.mark.parametrize("name", ["too few left", "not sold", "several variants", "other price", "large sum"])
def test_problem_of_a_quote_is_documented(name: str, shop: Shop, document: dict[str, Any]) -> None:
    """Reasons to refuse a cart have the members that the errors of an order have."""
    refused = CALLS[name](shop).json()
    schema = document["components"]["schemas"]["CartQuote"]["properties"]["problems"]
    problem = {name: refused[name] for name in refused.keys() - {"type", "title", "status"}}
    assert validator(document, schema).is_valid([problem])
    assert not validator(document, schema).is_valid([problem | {"code": "other"}])
