"""Promotions of orders: in the quote, on the order, released by a cancellation, and under concurrent use."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import User
from catalog.models import Product
from conftest import Headers, JSONClient, Make
from delivery.models import DeliveryMethod
from orders.lifecycle import change_status
from orders.models import Order, OrderItem
from orders.placing.cart import Cart
from orders.placing.service import place_order
from promotions.models import Promotion, PromotionUse
from promotions.redemptions import PromoAlreadyUsed, PromoUsedUp
from testing.orders import Snapshot
from testing.stock import stock_of
from testing.threads import together

pytestmark = pytest.mark.django_db
ORDERS, QUOTE = "/api/v1/orders", "/api/v1/cart/quote"
Promote = Callable[..., Promotion]


@pytest.fixture
def promote(db: None) -> Promote:
    """Return a function that creates a promotion: ten percent off with the code SPRING, unless its arguments differ."""

    def make(**fields: Any) -> Promotion:
        promotion: Promotion = Promotion.objects.create(
            **{"name": "Spring sale", "code": "SPRING", "kind": "percent", "value": 10} | fields
        )
        return promotion

    return make


@pytest.fixture
def tea(make_product: Make) -> Product:
    product: Product = make_product(name="Tea", price="390.00", stock=100)
    return product


def body(tea: Product, code: str = "spring", quantity: int = 1) -> dict[str, Any]:
    return {"items": [{"product_id": tea.pk, "quantity": quantity}], "promo_code": code}


def customers(number: int) -> list[User]:
    return [User.objects.create(username=f"tg:{pk}", telegram_id=pk) for pk in range(5000, 5000 + number)]


def assert_used_is_right() -> None:
    """Compare `used` with the uses of orders that are not cancelled."""
    for promotion in Promotion.objects.exclude(code=""):
        uses = PromotionUse.objects.filter(promotion=promotion).exclude(order__status="cancelled").count()
        assert promotion.used == uses


def test_order_has_the_discount_of_its_quote(
    client: JSONClient, alice: Headers, tea: Product, promote: Promote
) -> None:
    promote()
    quote = client.post(QUOTE, body(tea, quantity=3)).json()
    assert (quote["discount"], quote["total"], quote["promo"]) == (
        "117.00",
        "1053.00",
        {"code": "SPRING", "name": "Spring sale", "is_used": True},
    )
    order = client.post(ORDERS, body(tea, quantity=3) | {"expected_total": "1053.00"}, **alice).json()
    assert (order["promo_code"], order["discount"], order["total"]) == ("SPRING", "117.00", "1053.00")
    assert order["items"][0]["discount"] == "117.00"
    assert order["adjustments"] == [{"kind": "discount", "label": "Spring sale", "amount": "-117.00"}]
    placed = Order.objects.get()
    assert placed.promo_terms == {"kind": "percent", "value": "10.00", "max_discount": None, "min_total": "0.00"}
    assert_used_is_right()
    Promotion.objects.update(value=50, name="Changed")
    assert client.get(f"{ORDERS}/{order['id']}", **alice).json() == order


@pytest.mark.parametrize("typed", ["SPRING", " spring ", "SРRING"])
def test_code_is_found_as_customers_type_it(client: JSONClient, tea: Product, promote: Promote, typed: str) -> None:
    promote()
    assert client.post(QUOTE, body(tea, typed)).json()["discount"] == "39.00"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"is_active": False}, "promo_unknown"),
        ({"code": "OTHER"}, "promo_unknown"),
        ({"code": ""}, "promo_unknown"),
        ({"starts_on": timezone.localdate() + timedelta(days=1)}, "promo_expired"),
        ({"ends_on": timezone.localdate() - timedelta(days=1)}, "promo_expired"),
        ({"min_total": "390.01"}, "promo_min_total"),
        ({"usage_limit": 3, "used": 3}, "promo_used_up"),
    ],
)
def test_code_that_cannot_be_used_refuses_quote_and_order(
    client: JSONClient, alice: Headers, tea: Product, promote: Promote, snapshot: Snapshot, fields: Any, code: str
) -> None:
    promote(**fields)
    client.get("/api/v1/users/me", **alice)
    before = snapshot()
    (problem,) = client.post(QUOTE, body(tea)).json()["problems"]
    refused = client.post(ORDERS, body(tea), **alice)
    assert (problem["code"], refused.status_code, refused.json()["code"]) == (code, 409, code)
    assert snapshot() == before


def test_promotion_without_a_code_is_for_everybody_on_its_days(
    client: JSONClient, tea: Product, promote: Promote
) -> None:
    today = timezone.localdate()
    promote(code="", starts_on=today, ends_on=today)
    promote(code="", value=90, ends_on=today - timedelta(days=1))
    promote(code="", value=80, min_total=391)
    promote(code="", value=70, is_active=False)
    quote = client.post(QUOTE, body(tea, "")).json()
    assert (quote["discount"], quote["promo"], quote["problems"]) == ("39.00", None, [])


@pytest.mark.parametrize(("automatic", "is_used"), [(5, True), (10, True), (15, False)])
def test_better_of_code_and_automatic_discount_is_given_and_an_unused_code_is_kept(
    client: JSONClient, alice: Headers, tea: Product, promote: Promote, automatic: int, is_used: bool
) -> None:
    spring = promote()
    promote(code="", name="Everybody", value=automatic)
    quote = client.post(QUOTE, body(tea)).json()
    assert quote["promo"]["is_used"] is is_used
    order = client.post(ORDERS, body(tea), **alice).json()
    assert order["discount"] == quote["discount"] == f"{390 * max(10, automatic) / 100:.2f}"
    spring.refresh_from_db()
    assert (spring.used, order["promo_code"]) == ((1, "SPRING") if is_used else (0, ""))


def test_free_delivery_comes_with_a_discount(
    client: JSONClient, alice: Headers, tea: Product, promote: Promote
) -> None:
    promote(kind="free_delivery", value=0)
    promote(code="", name="Everybody", value=5)
    method = DeliveryMethod.objects.create(kind="digital", name="Courier", price=300)
    unknown = DeliveryMethod.objects.create(kind="digital", name="By agreement", price=None)
    cart = body(tea) | {"delivery": {"method_id": method.pk}}
    order = client.post(ORDERS, cart, **alice).json()
    assert (order["discount"], order["delivery_price"], order["total"], order["promo_code"]) == (
        "19.50",
        "0.00",
        "370.50",
        "SPRING",
    )
    cart = body(tea) | {"delivery": {"method_id": unknown.pk}}
    assert client.post(QUOTE, cart).json()["delivery_price"] is None  # not free by accident


def test_cancelled_order_gives_its_use_back_once(
    client: JSONClient, alice: Headers, tea: Product, promote: Promote, boss: User
) -> None:
    spring = promote(usage_limit=1, once_per_customer=True)
    order_id = client.post(ORDERS, body(tea), **alice).json()["id"]
    assert client.post(ORDERS, body(tea), **alice).json()["code"] == "promo_used_up"
    client.post(f"{ORDERS}/{order_id}/cancel", **alice)
    client.post(f"{ORDERS}/{order_id}/cancel", **alice)
    spring.refresh_from_db()
    assert spring.used == 0
    assert client.post(ORDERS, body(tea), **alice).status_code == 201
    assert_used_is_right()


def test_repeated_request_uses_the_code_once(tea: Product, promote: Promote, alice_user: User) -> None:
    promote(once_per_customer=True)
    cart = Cart({tea.pk: 1}, promo_code="SPRING")
    first, _ = place_order(user=alice_user, cart=cart, idempotency_key="one")
    assert place_order(user=alice_user, cart=cart, idempotency_key="one") == (first, False)
    assert_used_is_right()


def test_code_of_the_first_order_is_refused_after_one(
    client: JSONClient, alice: Headers, tea: Product, promote: Promote
) -> None:
    promote(first_order_only=True)
    client.post(ORDERS, {"items": body(tea)["items"]}, **alice)
    assert client.post(ORDERS, body(tea), **alice).json()["code"] == "promo_already_used"
    assert client.post(QUOTE, body(tea), **alice).json()["problems"][0]["code"] == "promo_already_used"
    assert client.post(QUOTE, body(tea)).json()["problems"] == []  # nobody has signed in


@pytest.mark.parametrize("automatic", [{"first_order_only": True}, {"once_per_customer": True}])
def test_automatic_promotion_once_per_customer_is_simply_not_given_again(
    client: JSONClient, alice: Headers, tea: Product, promote: Promote, automatic: dict[str, bool]
) -> None:
    promote(code="", **automatic)
    discounts = [client.post(ORDERS, body(tea, ""), **alice).json()["discount"] for _ in range(2)]
    assert discounts == ["39.00", "0.00"]


@pytest.mark.parametrize("signed_in", [True, False])
def test_guessing_codes_is_throttled_and_tells_nothing_of_a_right_one(
    client: JSONClient, alice: Headers, tea: Product, promote: Promote, signed_in: bool
) -> None:
    promote()
    headers = alice if signed_in else {}
    statuses = [client.post(QUOTE, body(tea, f"guess{number}"), **headers).status_code for number in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    refused = client.post(QUOTE, body(tea), **headers)
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert 0 < int(refused["Retry-After"]) <= 60
    assert client.post(QUOTE, body(tea, ""), **headers).status_code == 200
    assert client.post(ORDERS, body(tea), **alice).status_code == (429 if signed_in else 201)


def test_guesses_by_orders_count_too(client: JSONClient, alice: Headers, tea: Product) -> None:
    statuses = [client.post(ORDERS, body(tea, f"guess{number}"), **alice).status_code for number in range(11)]
    assert statuses == [409] * 10 + [429]


# --- Concurrency ------------------------------------------------------------------------------------------


def order_of(user: User, tea: Product) -> Order:
    return place_order(user=user, cart=Cart({tea.pk: 1}, promo_code="SPRING"))[0]


@pytest.mark.django_db(transaction=True)
def test_forty_concurrent_orders_with_a_limit_of_five(tea: Product, promote: Promote) -> None:
    promote(usage_limit=5)
    users = customers(40)
    results = together([lambda user=user: order_of(user, tea) for user in users])  # type: ignore[misc]
    placed = [result for result in results if isinstance(result, Order)]
    refused = [result for result in results if isinstance(result, PromoUsedUp)]
    assert (len(placed), len(refused)) == (5, 35)
    assert stock_of(tea) == 95
    assert_used_is_right()


@pytest.mark.django_db(transaction=True)
def test_counting_without_the_conditional_update_would_pass_the_limit(tea: Product, promote: Promote) -> None:
    """The control: the same orders, limited by what each has counted before."""
    spring = promote(usage_limit=5)
    users = customers(40)

    def counted(user: User) -> None:
        with transaction.atomic():
            if PromotionUse.objects.filter(promotion=spring).count() >= 5:
                raise PromoUsedUp
            order, _ = place_order(user=user, cart=Cart({tea.pk: 1}))
            PromotionUse.objects.create(promotion=spring, user=user, order=order, once=False)

    together([lambda user=user: counted(user) for user in users])  # type: ignore[misc]
    assert PromotionUse.objects.count() > 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit", [{"once_per_customer": True}, {"first_order_only": True}])
def test_twenty_concurrent_orders_of_one_customer_use_the_code_once(
    tea: Product, promote: Promote, alice_user: User, limit: dict[str, bool]
) -> None:
    promote(**limit)
    results = together([lambda: order_of(alice_user, tea)] * 20)
    assert [type(result) for result in results if isinstance(result, Order)] == [Order]
    assert sum(isinstance(result, PromoAlreadyUsed) for result in results) == 19
    assert stock_of(tea) == 99
    assert_used_is_right()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_orders_beside_cancellations_at_the_limit(tea: Product, promote: Promote, boss: User, round_: int) -> None:
    promote(usage_limit=5)
    users = customers(20)
    orders = [order_of(user, tea) for user in users[:5]]
    cancel = [lambda order=order: change_status(order_id=order.pk, to="cancelled", actor=boss) for order in orders]
    place = [lambda user=user: order_of(user, tea) for user in users[5:]]
    results = together([*cancel, *place])
    unexpected = [result for result in results if not isinstance(result, Order | PromoUsedUp)]
    assert unexpected == []
    assert Promotion.objects.get().used <= 5
    assert_used_is_right()


# --- Properties -------------------------------------------------------------------------------------------

amounts = st.decimals(min_value="0.01", max_value=10_000, places=2)


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    prices=st.lists(st.tuples(amounts, st.integers(1, 20)), min_size=1, max_size=6),
    promotion=st.one_of(
        st.tuples(st.just("percent"), st.decimals(min_value=1, max_value=100, places=2)),
        st.tuples(st.just("fixed"), amounts),
        st.tuples(st.just("free_delivery"), st.just(Decimal(0))),
    ),
    fee=amounts,
    free_from=st.none() | amounts,
)
def test_quote_equals_order_and_shares_come_to_the_discount(
    client: JSONClient,
    alice: Headers,
    make_category: Make,
    make_product: Make,
    prices: list[tuple[Decimal, int]],
    promotion: tuple[str, Decimal],
    fee: Decimal,
    free_from: Decimal | None,
) -> None:
    with transaction.atomic():
        kind, value = promotion
        Promotion.objects.create(name="Any", code="ANY", kind=kind, value=value)
        category = make_category()
        method = DeliveryMethod.objects.create(kind="digital", name="Any", price=fee, free_from=free_from)
        items = [
            {"product_id": make_product(price=price, category=category).pk, "quantity": quantity}
            for price, quantity in prices
        ]
        cart = {"items": items, "promo_code": "any", "delivery": {"method_id": method.pk}}
        quote, order = client.post(QUOTE, cart).json(), client.post(ORDERS, cart, **alice).json()
        assert quote["problems"] == []
        for name in ("items", "adjustments", "subtotal", "discount", "delivery_price", "total"):
            assert quote[name] == order[name]
        shares = OrderItem.objects.aggregate(discount=Sum("discount"), paid=Sum(F("price") * F("quantity")))
        assert (shares["discount"], shares["paid"]) == (Decimal(order["discount"]), Decimal(order["subtotal"]))
        transaction.set_rollback(True)
