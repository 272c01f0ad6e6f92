"""API errors in both languages: each code, with title, detail and field messages."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from catalog.models import Variant
from conftest import Headers, JSONClient, Make, SignIn
from orders.tests.refused import CALLS, PROFILE, Shop, wrong_fields
from testing.bot_api import DEADLINE
from testing.threads import beside

pytestmark = pytest.mark.django_db

# The whole response by name of the request and language.
ERRORS: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("errors_by_language.json").read_text())
TEXTS = {"title", "detail", "message"}
ROOT = Path(__file__).resolve().parent.parent.parent
IN_USE = "key in use"  # needs a second connection


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
    tea = make_product(pk=7, variant={"pk": 70}, stock=5, price="100.00")
    return Shop(client, alice, sign_in, tea, settings, monkeypatch)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", CALLS)
def test_error_is_in_the_language_asked_for(name: str, language: str, shop: Shop) -> None:
    shop.client.credentials(HTTP_ACCEPT_LANGUAGE=language)
    answer = CALLS[name](shop)
    assert answer.json() == ERRORS[name][language]
    assert (answer.status_code, answer["Content-Language"]) == (answer.json()["status"], language)
    assert "Accept-Language" in answer["Vary"]


def test_limit_messages_are_translated_for_each_request(shop: Shop) -> None:
    for language in ("ru", "en", "ru"):
        shop.client.credentials(HTTP_ACCEPT_LANGUAGE=language)
        assert wrong_fields(shop).json() == ERRORS["fields"][language]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_key_in_use_is_refused_in_the_language_asked_for(language: str, shop: Shop) -> None:
    shop.client.get(PROFILE, **shop.alice)
    Variant.objects.update(stock=None)  # else the second request waits for the product, before the key
    second = replace(shop, client=JSONClient(headers={"Accept-Language": language}))
    with transaction.atomic():
        assert shop.order(key="k-1").status_code == 201
        with beside(lambda: second.order(key="k-1"), lock_timeout="200ms") as (request, _backend):
            answer = request.result(DEADLINE)
    assert answer.json() == ERRORS[IN_USE][language]


def test_every_documented_code_is_tested(client: JSONClient) -> None:
    tried = {error["en"]["code"] for error in ERRORS.values()}
    described = re.findall(r"`([a-z_]+)`", " ".join(_descriptions(client.get("/api/v1/schema").json())))
    documented = re.findall(r"^\| [45][0-9]{2} \| `([a-z_]+)`", (ROOT / "docs" / "api.md").read_text(), re.MULTILINE)
    assert set(described) - {"items", "total"} - tried == set()
    assert set(documented) - tried == set()
    assert tried - set(documented) == {"permission_denied"}  # no view responds with it
    assert set(ERRORS) == {*CALLS, IN_USE}


def _descriptions(schema: dict[str, Any]) -> list[str]:
    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    return [
        answer["description"].partition("Codes:")[2]
        for operation in operations
        for answer in operation["responses"].values()
    ]


def sentences(body: Any) -> list[str]:
    """Return the human-readable texts of a problem, without names of fields, types and formats."""
    if isinstance(body, list):
        return [text for each in body for text in sentences(each)]
    if not isinstance(body, dict):
        return []
    own = [re.sub(r"`[^`]*`|[“«\"][^“”«»\"]*[”»\"]", "", body[name]) for name in TEXTS & body.keys()]
    return own + [text for inner in body.values() for text in sentences(inner)]


@pytest.mark.parametrize("name", ERRORS)
def test_no_answer_mixes_languages(name: str) -> None:
    for text in sentences(ERRORS[name]["ru"]):
        assert re.search("[а-яё]", text), text
        assert not re.search(r"\b[a-z]+ [a-z]+\b", text), text
    for text in sentences(ERRORS[name]["en"]):
        assert not re.search("[А-Яа-яЁё]", text), text
