"""GET /api/v1/shop."""

import json
import re
from contextlib import nullcontext

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from pytest_django import Settings

from accounts.models import validate_phone
from catalog.images.urls import thumbnail_url
from conftest import Headers, JSONClient, Make
from merchant.hours import DAYS
from orders.statuses import Status
from storefront.facts import shop_facts
from storefront.tests.test_page import block
from storefront.texts import texts

PATH, ROOT = "/api/v1/shop", "https://shop.example.org"
SHOP = {
    "name": "Shop",
    "logo": None,
    "accent": None,
    "banner": None,
    "contacts": {"phone": "", "telegram_username": "", "email": "", "address": ""},
    "time_zone": "Europe/Moscow",
    "hours": [{"day": day, "opens": None, "closes": None} for day in DAYS],
    "min_total": None,
    "accepts_orders": True,
    "notice": "",
    "pages": [],
    "has_promo_codes": False,
    "bot_url": "",
    "currency": "RUB",
    "language": "en",
    "languages": [{"code": "ru", "name": "Русский"}, {"code": "en", "name": "English"}],
    "limits": {
        "items": 100,
        "pieces": 999,
        "contact_name": 150,
        "phone": 32,
        "address": 500,
        "comment": 1000,
        "search": 200,
        "ids": 100,
    },
    "open_orders": {"orders": None, "pieces": None, "total": None},
    "phone": {
        "pattern": r"\+?[ (]*[0-9](?:[ ()-]*[0-9]){4,14}",
        "message": "Write a phone number of 5 to 15 digits, such as +7 912 345-67-89.",
    },
    "order_statuses": [
        {"value": "new", "label": "New", "in_timeline": True, "is_final": False, "can_be_cancelled": True},
        {"value": "confirmed", "label": "Confirmed", "in_timeline": True, "is_final": False, "can_be_cancelled": False},
        {"value": "shipped", "label": "Shipped", "in_timeline": True, "is_final": False, "can_be_cancelled": False},
        {"value": "completed", "label": "Completed", "in_timeline": True, "is_final": True, "can_be_cancelled": False},
        {"value": "cancelled", "label": "Cancelled", "in_timeline": False, "is_final": True, "can_be_cancelled": False},
    ],
    "orderings": ["newest", "price", "-price", "name"],
    "page_size": {"default": 20, "max": 100},
    "thumbnails": {
        "width": 480,
        "pattern": r"products/[0-9a-f]{2}/[0-9a-f]{64}(?:-[0-9]+x[0-9]+)?\.(?:jpg|webp)",
        "suffix": ".thumb.webp",
    },
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_limit_of_open_orders(settings: Settings) -> None:
    settings.OPEN_ORDERS_PER_CUSTOMER = settings.OPEN_PIECES_PER_CUSTOMER = settings.OPEN_TOTAL_PER_CUSTOMER = 0


@pytest.mark.parametrize("slash", ["", "/"])
def test_whole_answer(slash: str, client: JSONClient) -> None:
    answer = client.get(PATH + slash)
    assert (answer.status_code, answer.json()) == (200, SHOP)


def test_texts_are_in_the_language_of_the_request(client: JSONClient) -> None:
    answer = client.get(PATH, headers={"Accept-Language": "ru-RU,ru;q=0.9"})
    shop = answer.json()
    assert [status["label"] for status in shop["order_statuses"]] == [
        "Новый",
        "Подтверждён",
        "Отправлен",
        "Выполнен",
        "Отменён",
    ]
    assert shop["phone"]["message"] == "Укажите номер телефона, от 5 до 15 цифр, например +7 912 345-67-89."
    assert (shop["language"], answer["Content-Language"]) == ("ru", "ru")


def test_answer_may_be_stored_for_its_language(client: JSONClient) -> None:
    answer = client.get(PATH)
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Accept-Language" in answer["Vary"]


def test_settings_are_in_it(client: JSONClient, settings: Settings) -> None:
    settings.CURRENCY, settings.TELEGRAM_BOT_USERNAME = "EUR", "tea_bot"
    settings.OPEN_ORDERS_PER_CUSTOMER, settings.OPEN_TOTAL_PER_CUSTOMER = 5, 1000
    assert client.get(PATH).json() == SHOP | {
        "currency": "EUR",
        "bot_url": "https://t.me/tea_bot",
        "open_orders": {"orders": 5, "pieces": None, "total": "1000.00"},
    }


@pytest.mark.parametrize("language", ["ru", "en"])
def test_page_has_the_same(language: str, client: JSONClient) -> None:
    headers = {"Accept-Language": language}
    assert block(client.get("/", headers=headers), "shop-data") == client.get(PATH, headers=headers).json()


def test_limits_are_those_of_an_order(client: JSONClient, alice: Headers, make_product: Make) -> None:
    """One more of anything is refused, and so many are not."""
    limits = client.get(PATH).json()["limits"]
    product = make_product(stock=None)
    contact = {"contact_name": "x", "phone": "1", "address": "x", "comment": "x"}
    for more in (0, 1):
        cart = {
            "items": [{"product_id": product.pk, "quantity": limits["pieces"] + more}],
            **{name: text * (limits[name] + more) for name, text in contact.items() if name != "phone"},
        }
        answer = client.post("/api/v1/orders", cart, **alice)
        expected = {"items", "contact_name", "address", "comment"} if more else set()
        assert set(answer.json().get("errors", {})) == expected
    items = [{"product_id": number + 1, "quantity": 1} for number in range(limits["items"] + 1)]
    assert "items" in client.post("/api/v1/orders", {"items": items}, **alice).json()["errors"]
    assert client.post("/api/v1/orders", {"items": items[1:]}, **alice).json()["code"] == "product_unavailable"


def test_limits_and_orderings_are_those_of_the_product_list(client: JSONClient) -> None:
    shop = client.get(PATH).json()
    for name, value, wrong in [
        ("search", "x" * shop["limits"]["search"], "x" * (shop["limits"]["search"] + 1)),
        ("ids", ",".join(["1"] * shop["limits"]["ids"]), ",".join(["1"] * (shop["limits"]["ids"] + 1))),
        ("page_size", shop["page_size"]["max"], shop["page_size"]["max"] + 1),
    ]:
        assert client.get("/api/v1/products", {name: value}).status_code == 200, name
        assert client.get("/api/v1/products", {name: wrong}).status_code == 400, name
    for ordering in shop["orderings"]:
        assert client.get("/api/v1/products", {"ordering": ordering}).status_code == 200, ordering


@pytest.mark.parametrize(
    ("phone", "is_right"),
    [("+7 912 345-67-89", True), ("12345", True), ("1234", False), ("12345\n", False), ("", False)],
)
def test_phone_pattern_says_what_the_api_says(phone: str, is_right: bool) -> None:
    pattern = shop_facts(ROOT)["phone"]["pattern"]
    assert bool(re.fullmatch(pattern, phone)) is is_right
    with nullcontext() if is_right else pytest.raises(ValidationError):
        validate_phone(phone)


def test_thumbnail_is_found_by_the_facts_alone() -> None:
    facts = shop_facts(ROOT)["thumbnails"]
    address = f"https://shop.example.org/media/products/ab/{'0' * 64}.jpg"
    assert re.search(f"{facts['pattern']}$", address)
    assert thumbnail_url(address) == re.sub(r"\.\w+$", facts["suffix"], address)
    assert not re.search(f"{facts['pattern']}$", "https://cdn.example.org/a.jpg")


def test_facts_are_plain_values() -> None:
    """Lazy texts would be in whatever language is active when they are written."""
    assert json.loads(json.dumps(shop_facts(ROOT))) == shop_facts(ROOT)


def test_timeline_follows_the_table_of_statuses() -> None:
    assert Status.timeline() == [Status.NEW, Status.CONFIRMED, Status.SHIPPED, Status.COMPLETED]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_storefront_has_texts_for_all_orderings(language: str) -> None:
    with override(language):
        assert {*shop_facts(ROOT)["orderings"], "best"} <= texts(language).keys()
