"""Conditions of the merchant: closed shop, minimum order, consent to the shop's pages."""

from contextlib import ExitStack
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from catalog.freshness.revision import RevisionWatch
from catalog.freshness.revision_cache import RevisionCache
from catalog.models import Product, Variant
from conftest import Headers, JSONClient, Make
from merchant.current import read_shop
from merchant.models import Page, ShopSettings
from orders.models import Order
from orders.placing import service
from orders.placing.cart import Cart, Checkout
from orders.placing.conditions import Conditions
from orders.placing.pricing import Offer, Offers, price
from orders.placing.service import place_order
from shop.errors import DomainError
from shop.postgres.listener import Listener
from testing.bot_api import DEADLINE, wait_until
from testing.listening import listening_begins
from testing.merchant import SetShop, ShowPage
from testing.orders import Snapshot
from testing.threads import beside, wait_until_blocked

pytestmark = pytest.mark.django_db

URL, QUOTE = "/api/v1/orders", "/api/v1/cart/quote"
CART = Cart({7: 2})
TEA = Offers({70: Offer(70, 7, "Tea", [], "T-7", Decimal("100.00"), None)}, {7: 70})


def codes(problems: list[DomainError]) -> list[str]:
    return [problem.code for problem in problems]


# --- Pure rules -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("min_total", "missing"), [("0", None), ("200", None), ("200.01", "0.01"), ("500", "300.00")])
def test_minimum_is_compared_with_the_items(min_total: str, missing: str | None) -> None:
    _, problems = price(TEA, Checkout(CART, None), conditions=Conditions(min_total=Decimal(min_total)))
    assert [problem.data["missing"] for problem in problems] == ([missing] if missing else [])


@pytest.mark.parametrize(
    ("given", "is_refused"),
    [
        ((), True),
        ((("privacy", "1"),), True),
        ((("privacy", "1"), ("terms", "1")), True),
        ((("privacy", "1"), ("terms", "2")), False),
    ],
)
def test_every_required_version_must_be_given(given: Any, is_refused: bool) -> None:
    conditions = Conditions(consent=(("privacy", "1"), ("terms", "2")))
    _, problems = price(TEA, Checkout(Cart({7: 2}, consent=given), None), conditions=conditions)
    assert codes(problems) == (["consent_outdated"] if is_refused else [])
    assert all(problem.data == {"required": {"privacy": "1", "terms": "2"}} for problem in problems)


def test_consent_to_a_page_that_is_hidden_now_does_no_harm() -> None:
    assert price(TEA, Checkout(Cart({7: 2}, consent=(("terms", "2"),)), None), conditions=Conditions()).problems == []


def test_closed_shop_comes_first_and_a_shortage_last() -> None:
    offers = Offers({70: Offer(70, 7, "Tea", [], "T-7", Decimal("100.00"), 1)}, {7: 70})
    conditions = Conditions(False, "Back on Monday", Decimal(500), (("terms", "2"),))
    _, problems = price(offers, Checkout(Cart({7: 2, 8: 1}), None), conditions=conditions)
    assert codes(problems) == ["orders_closed", "product_unavailable", "min_total", "consent_outdated", "out_of_stock"]
    assert problems[0].detail == "Back on Monday"


# --- The API ----------------------------------------------------------------------------------------------


@pytest.fixture
def tea(make_product: Make) -> Product:
    product: Product = make_product(price="100.00", stock=5)
    return product


def body(tea: Product, quantity: int = 2, **fields: Any) -> dict[str, Any]:
    return {"items": [{"product_id": tea.pk, "quantity": quantity}], **fields}


@pytest.mark.parametrize(
    ("settings", "code", "detail"),
    [
        ({"accepts_orders": False, "notice": "Back on <b>Monday</b>"}, "orders_closed", "Back on <b>Monday</b>"),
        ({"min_total": "200.01"}, "min_total", "The minimum order is 200.01; 0.01 is missing."),
    ],
)
def test_order_is_refused_as_its_quote_says(
    settings: dict[str, Any],
    code: str,
    detail: str,
    client: JSONClient,
    alice: Headers,
    tea: Product,
    set_shop: SetShop,
    snapshot: Snapshot,
) -> None:
    set_shop(**settings)
    client.get("/api/v1/users/me", **alice)
    before = snapshot()
    (problem,) = client.post(QUOTE, body(tea)).json()["problems"]
    refusal = client.post(URL, body(tea), **alice)
    assert (refusal.status_code, snapshot() == before) == (409, True)
    assert (problem["code"], problem["detail"]) == (code, detail)
    assert problem.items() <= refusal.json().items()


def test_minimum_is_that_of_all_items_together(
    client: JSONClient, alice: Headers, tea: Product, make_product: Make, set_shop: SetShop
) -> None:
    set_shop(min_total="300")
    items = [{"product_id": tea.pk, "quantity": 2}, {"product_id": make_product(price="100.00").pk, "quantity": 1}]
    assert client.post(URL, {"items": items}, **alice).status_code == 201


def test_consent_is_stored_with_the_order(
    client: JSONClient, office: Client, alice: Headers, tea: Product, show_page: ShowPage
) -> None:
    privacy, terms = show_page("privacy"), show_page("terms")
    show_page("about")
    consent = {"terms": terms.version, "privacy": privacy.version}
    assert client.post(URL, body(tea, consent=consent), **alice).status_code == 201
    order = Order.objects.get()
    assert order.consent == consent
    Page.objects.update(text="Another text.")
    html = office.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    assert f"Privacy policy ({privacy.version}), Terms of sale ({terms.version})" in html


@pytest.mark.parametrize("consent", [None, {}, {"terms": "0123456789ab"}, {"privacy": "0123456789ab"}])
def test_order_without_consent_to_the_present_text_is_refused(
    consent: Any, client: JSONClient, alice: Headers, tea: Product, show_page: ShowPage
) -> None:
    terms = show_page("terms")
    refusal = client.post(URL, body(tea, **({} if consent is None else {"consent": consent})), **alice)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "consent_outdated")
    assert refusal.json()["required"] == {"terms": terms.version}
    assert client.post(QUOTE, body(tea)).json()["problems"] == []
    assert client.post(URL, body(tea, consent=refusal.json()["required"]), **alice).status_code == 201


def test_no_consent_is_asked_while_both_pages_are_hidden(
    client: JSONClient, alice: Headers, tea: Product, show_page: ShowPage
) -> None:
    show_page("about")
    show_page("terms", is_shown=False)
    assert client.post(URL, body(tea), **alice).status_code == 201
    assert client.post(URL, body(tea, consent={"terms": "of last year"}), **alice).status_code == 201
    assert [order.consent for order in Order.objects.all()] == [{}, {}]


@pytest.mark.parametrize(
    "consent",
    ["yes", ["terms"], {"terms": 1}, {"terms": True}, {"terms": "x" * 65}, {"terms": None}, {"terms": "\x00"}],
)
def test_malformed_consent_is_a_wrong_value(
    consent: object, client: JSONClient, alice: Headers, tea: Product, show_page: ShowPage
) -> None:
    show_page("terms")
    answer = client.post(URL, body(tea, consent=consent), **alice)
    assert answer.status_code == 400


# --- Settings that change between the quote, the order and its retry --------------------------------------


def test_settings_changed_after_the_quote_refuse_the_order(
    client: JSONClient, alice: Headers, tea: Product, set_shop: SetShop, show_page: ShowPage
) -> None:
    terms = show_page("terms")
    request = body(tea, consent={"terms": terms.version})
    assert client.post(QUOTE, body(tea)).json()["problems"] == []
    for change, code in (
        (lambda: set_shop(min_total="500"), "min_total"),
        (lambda: set_shop(min_total="0", accepts_orders=False), "orders_closed"),
        (lambda: (set_shop(accepts_orders=True), show_page("terms", text="New.")), "consent_outdated"),
    ):
        change()
        assert client.post(URL, request, **alice).json()["code"] == code
    assert not Order.objects.exists()


def test_repeated_request_finds_its_order_whatever_the_settings_say_now(
    client: JSONClient, alice: Headers, tea: Product, set_shop: SetShop, show_page: ShowPage
) -> None:
    terms = show_page("terms")
    request, headers = body(tea, consent={"terms": terms.version}), alice | {"HTTP_IDEMPOTENCY_KEY": "one"}
    first = client.post(URL, request, **headers)
    set_shop(accepts_orders=False, min_total="500")
    show_page("terms", text="New.")
    again = client.post(URL, request, **headers)
    assert (first.status_code, again.status_code, again.json()["id"]) == (201, 200, first.json()["id"])


@pytest.mark.django_db(transaction=True)
def test_order_that_waits_for_the_last_piece_still_keeps_the_minimum(
    alice_user: User, tea: Product, set_shop: SetShop
) -> None:
    """Its shortage is over when it is priced again, and the price that it waited with is another one."""
    set_shop(min_total="200")
    Variant.objects.update(stock=0)

    def order() -> str:
        try:
            place_order(user=alice_user, cart=Cart({tea.pk: 2}))
        except DomainError as refusal:
            return refusal.code
        return "placed"

    with ExitStack() as stack:
        with transaction.atomic():
            Variant.objects.update(stock=5, price="50.00")
            placing, backend = stack.enter_context(beside(order))
            wait_until_blocked(backend)
        assert placing.result(DEADLINE) == "min_total"
    assert not Order.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_order_pays_no_query_for_the_settings(
    alice_user: User,
    make_product: Make,
    listener: Listener,
    set_shop: SetShop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_shop(min_total="50")
    product = make_product(price="100.00")
    cache = RevisionCache(RevisionWatch(listener), read_shop)
    monkeypatch.setattr(service, "current", cache.current)
    listening_begins(listener)
    cache.current()
    with CaptureQueriesContext(connection) as queries:
        place_order(user=alice_user, cart=Cart({product.pk: 1}))
    assert queries.captured_queries
    assert not [query for query in queries.captured_queries if "merchant_" in query["sql"]]
    ShopSettings.objects.update(min_total="500")
    wait_until(lambda: cache.current().settings.min_total == 500)
    with pytest.raises(DomainError):
        place_order(user=alice_user, cart=Cart({product.pk: 1}))
