"""Stock ledger: each change of stock writes a movement."""

import random

import pytest
from django.db.models import Sum
from django.test import Client

from accounts.models import User
from catalog.models import Product, StockMovement, Variant
from catalog.stock import adjust_stock, move_stock
from catalog.tests.test_admin import VARIANTS, page_of, variant_page
from conftest import Make
from orders.lifecycle import InvalidTransition, change_status
from orders.models import Order
from orders.placing.cart import Cart
from orders.placing.pricing import OutOfStock
from orders.placing.service import place_order
from testing.constraints import assert_refused
from testing.html_forms import OpenPage
from testing.orders import MakeOrder
from testing.stock import stock_of, variant_of
from testing.threads import together

pytestmark = pytest.mark.django_db

Reason = StockMovement.Reason


def movements(product: Product) -> list[tuple[int, int, str]]:
    """Return delta, balance and reason of each movement, the oldest first."""
    rows = StockMovement.objects.filter(variant__product=product).order_by("pk")
    return [(row.delta, row.balance, row.reason) for row in rows]


def assert_balanced() -> None:
    """Assert that each stock is the sum of its movements, and the balance of the last one."""
    for variant in Variant.objects.annotate(moved=Sum("movements__delta")):
        last = variant.movements.order_by("-pk").first()
        assert (variant.stock or 0) == (variant.moved or 0) == (last.balance if last else 0), variant


def test_order_and_its_cancel_move_the_stock(make_order: MakeOrder, make_product: Make, boss: User) -> None:
    tea, free = make_product(stock=5), make_product()
    order = make_order({tea: 2, free: 1})
    change_status(order_id=order.pk, to="cancelled", actor=boss)
    assert movements(tea) == [(5, 5, "received"), (-2, 3, "sold"), (2, 5, "cancelled")]
    assert movements(free) == []
    sold, cancelled = StockMovement.objects.filter(order_id=order.pk).order_by("pk")
    assert (sold.actor, cancelled.actor) == (order.user, boss)


def test_refused_order_moves_nothing(make_order: MakeOrder, make_product: Make) -> None:
    tea, jam = make_product(stock=5), make_product(stock=0)
    with pytest.raises(OutOfStock):
        make_order({tea: 1, jam: 1})
    assert movements(tea) == [(5, 5, "received")]


@pytest.mark.parametrize("place", ["product", "variant", "list"])
def test_stock_typed_by_staff_is_a_movement_of_theirs(
    office: Client, boss: User, make_product: Make, place: str
) -> None:
    tea = make_product(stock=5)
    path, prefix = {
        "product": (page_of(tea), "variants-0-"),
        "variant": (variant_page(tea), ""),
        "list": (VARIANTS, "form-0-"),
    }[place]
    page = OpenPage(office, path)
    move_stock({tea.variant_id: -1}, reason=Reason.SOLD)
    assert page.save(**{f"{prefix}stock": "7"}).status_code == 302
    assert movements(tea) == [(5, 5, "received"), (-1, 4, "sold"), (2, 6, "counted")]
    assert StockMovement.objects.latest("pk").actor == boss


def test_counting_begins_and_ends_at_zero(make_product: Make) -> None:
    tea = make_product(stock=None)
    for to in (7, 7, None, None, 0, 3):
        adjust_stock(variant_id=tea.variant_id, to=to, reason=Reason.COUNTED)
        assert stock_of(tea) == to
    assert [movement[:2] for movement in movements(tea)] == [(7, 7), (-7, 0), (3, 3)]
    assert_balanced()


def test_variant_without_a_count_is_left_alone(make_product: Make) -> None:
    tea = make_product(stock=None)
    move_stock({tea.variant_id: 5}, reason=Reason.RECEIVED)
    assert (stock_of(tea), movements(tea)) == (None, [])


def test_movement_is_never_zero_and_balance_never_negative(make_product: Make) -> None:
    variant = variant_of(make_product())
    for name, fields in {
        "catalog_stockmovement_delta_not_zero": {"delta": 0, "balance": 5},
        "catalog_stockmovement_balance_not_negative": {"delta": 1, "balance": -1},
    }.items():
        row = StockMovement(variant=variant, reason=Reason.COUNTED, **fields)
        assert_refused(name, row.save)


@pytest.mark.django_db(transaction=True)
def test_ledger_is_balanced_after_orders_cancels_and_staff_at_once(make_product: Make, boss: User) -> None:
    products = [make_product(stock=30) for _ in range(4)]
    users = [User.objects.create(username=f"tg:{number}", telegram_id=number) for number in range(1, 7)]
    dice = random.Random(14)  # noqa: S311 - the same each time

    def buy(user: User, seed: int) -> None:
        own = random.Random(seed)  # noqa: S311
        for _ in range(8):
            wanted = {product.pk: own.randint(1, 3) for product in own.sample(products, 2)}
            try:
                order, _ = place_order(user=user, cart=Cart(wanted))
                if own.random() < 0.5:
                    change_status(order_id=order.pk, to="cancelled", actor=user)
                elif own.random() < 0.5:
                    change_status(order_id=order.pk, to="confirmed", actor=boss)
            except (OutOfStock, InvalidTransition):
                pass

    def restock(seed: int) -> None:
        own = random.Random(seed)  # noqa: S311
        for _ in range(8):
            product = own.choice(products)
            if own.random() < 0.5:
                adjust_stock(variant_id=product.variant_id, to=own.randint(5, 40), reason=Reason.COUNTED)
            else:
                move_stock({product.variant_id: own.randint(1, 5)}, reason=Reason.RECEIVED)

    work = [lambda user=user: buy(user, dice.randint(0, 999)) for user in users]
    work += [lambda seed=seed: restock(seed) for seed in range(3)]
    assert together(work) == [None] * 9
    assert Order.objects.exists()
    assert_balanced()
