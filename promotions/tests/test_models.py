"""Constraints of promotions and their uses, and codes that look the same."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from promotions.models import Promotion, PromotionUse, key_of
from testing.constraints import assert_all_tested, assert_indexes_exist, assert_refused
from testing.orders import MakeOrder

pytestmark = pytest.mark.django_db


def use(make_order: MakeOrder) -> PromotionUse:
    order = make_order()
    return PromotionUse.objects.create(promotion=Promotion.objects.get(), user=order.user, order=order, once=True)


VIOLATIONS: dict[str, Callable[[MakeOrder], object]] = {
    "promotions_promotion_code_once": lambda _: Promotion.objects.create(
        name="Again", code="spring", kind="fixed", value=1
    ),
    "promotions_promotion_kind_known": lambda _: Promotion.objects.update(kind="gift"),
    "promotions_promotion_value_of_kind": lambda _: Promotion.objects.update(value=101),
    "promotions_promotion_amounts_positive": lambda _: Promotion.objects.update(min_total=-1),
    "promotions_promotion_used_within_limit": lambda _: Promotion.objects.update(usage_limit=1, used=2),
    "promotions_promotion_automatic_unlimited": lambda _: Promotion.objects.update(code="", code_key="", usage_limit=5),
    "promotions_promotion_ends_after_start": lambda _: Promotion.objects.update(
        starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 31)
    ),
    "promotions_promotionuse_once": lambda make_order: [use(make_order), use(make_order)],
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_database_enforces_the_constraint(name: str, make_order: MakeOrder) -> None:
    Promotion.objects.create(name="Spring", code="SPRING", kind="percent", value=10)
    assert_refused(name, lambda: VIOLATIONS[name](make_order))


def test_every_constraint_is_tested_and_has_an_error_message() -> None:
    assert_all_tested("promotions", VIOLATIONS)


def test_indexes_are_in_the_database() -> None:
    assert_indexes_exist("promotions")


@pytest.mark.parametrize("typed", ["SPRING10", " spring 10 ", "Spring10", "SРRING10", "ｓｐｒｉｎｇ１０"])
def test_codes_that_look_the_same_are_the_same(typed: str) -> None:
    assert key_of(typed) == "SPRING10"


@pytest.mark.parametrize(
    ("kind", "value", "most", "subtotal", "discount"),
    [
        ("percent", "10", None, "390.00", "39.00"),
        ("percent", "10", None, "0.05", "0.00"),
        ("percent", "100", None, "390.00", "390.00"),
        ("percent", "50", "100", "390.00", "100"),
        ("fixed", "100", None, "390.00", "100"),
        ("fixed", "500", None, "390.00", "390.00"),
        ("free_delivery", "0", None, "390.00", "0"),
    ],
)
def test_discount(kind: str, value: str, most: str | None, subtotal: str, discount: str) -> None:
    promotion = Promotion(kind=kind, value=Decimal(value), max_discount=most and Decimal(most))
    assert str(promotion.discount_of(Decimal(subtotal))) == discount
