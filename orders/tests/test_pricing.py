"""Pricing rules, without a database."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.placing.cart import Cart, Checkout
from orders.placing.pricing import MAX_TOTAL, Adjustment, Amount, Offer, Offers, Priced, Quote, price
from shop.errors import DomainError

TEA = Offer(11, 1, "Tea", [], "T", Decimal("390.00"), stock=5)
JAM = Offer(12, 2, "Jam", ["500 g"], "J", Decimal("0.50"), stock=None)
OFFERS = {1: TEA, 2: JAM}


class TooSmall(DomainError):
    """The fake delivery refuses small orders."""

    code = "too_small"


class Delivery:
    """Adjustment of 100, free from 1,000 on; refuses a subtotal below one ruble."""

    def apply(self, quote: Quote, checkout: Checkout) -> Quote:
        if quote.subtotal < 1:
            raise TooSmall("Order for a ruble at least.", least="1.00")
        return quote.with_adjustment(Amount("delivery", "Courier", Decimal(0 if quote.total >= 1000 else 100)))

    def record(self, order_id: int, quote: Quote) -> None:
        raise AssertionError("pricing writes nothing")


class TenPercent:
    """Adjustment that subtracts a tenth of the total before it."""

    def apply(self, quote: Quote, checkout: Checkout) -> Quote:
        return quote.with_adjustment(Amount("discount", "Ten percent", -(quote.total / 10).quantize(Decimal("0.01"))))

    def record(self, order_id: int, quote: Quote) -> None:
        raise AssertionError("pricing writes nothing")


def priced(
    quantities: dict[int, int],
    *,
    expected: str | None = None,
    offers: dict[int, Offer] = OFFERS,
    adjustments: Sequence[Adjustment] = (),
) -> Priced:
    """Price a cart of products with one variant each, without a customer.

    :param offers: by product id.
    """
    cart = Cart(quantities, expected_total=None if expected is None else Decimal(expected))
    only = {pk: offer.variant_id for pk, offer in offers.items() if pk in quantities}
    by_variant = {offer.variant_id: offer for offer in offers.values() if offer.product_id in quantities}
    return price(Offers(by_variant, only), Checkout(cart, None), adjustments)


def problems(found: Priced) -> list[tuple[str, dict[str, object]]]:
    """Return the problems as code and data."""
    return [(problem.code, problem.data) for problem in found.problems]


def test_items_are_priced_in_the_order_of_their_ids() -> None:
    quote, found = priced({2: 3, 1: 2})
    assert [(item.product_id, item.name, item.sku, item.quantity, str(item.total)) for item in quote.items] == [
        (1, "Tea", "T", 2, "780.00"),
        (2, "Jam", "J", 3, "1.50"),
    ]
    assert (str(quote.subtotal), str(quote.total), quote.pieces, found) == ("781.50", "781.50", 5, [])


def test_product_without_an_offer_is_named_and_the_rest_is_priced() -> None:
    found = priced({9: 1, 1: 1, 7: 1})
    assert problems(found) == [("product_unavailable", {"items": [{"product_id": 7}, {"product_id": 9}]})]
    assert str(found.quote.total) == "390.00"


def test_cart_without_products_on_sale_costs_nothing() -> None:
    found = priced({9: 1}, offers={})
    assert (found.quote.total, [problem.code for problem in found.problems]) == (Decimal(0), ["product_unavailable"])


def test_all_shortages_are_named_and_uncounted_products_never_run_out() -> None:
    offers = OFFERS | {3: Offer(13, 3, "Cup", [], "C", Decimal(1), stock=0)}
    assert problems(priced({1: 6, 2: 999, 3: 1}, offers=offers)) == [
        (
            "out_of_stock",
            {
                "items": [
                    {"product_id": 1, "variant_id": 11, "requested": 6, "available": 5},
                    {"product_id": 3, "variant_id": 13, "requested": 1, "available": 0},
                ]
            },
        )
    ]


@pytest.mark.parametrize(("expected", "is_right"), [(None, True), ("390.00", True), ("390", True), ("389.99", False)])
def test_expected_total_must_equal_the_total(expected: str | None, is_right: bool) -> None:
    wrong = [("price_changed", {"expected_total": expected, "total": "390.00"})]
    assert problems(priced({1: 1}, expected=expected)) == ([] if is_right else wrong)


def test_largest_total_is_accepted_and_a_kopeck_more_is_refused() -> None:
    offers = {
        1: Offer(11, 1, "Ship", [], "S", MAX_TOTAL, None),
        2: Offer(12, 2, "Nail", [], "N", Decimal("0.01"), None),
    }
    assert problems(priced({1: 1}, offers=offers)) == []
    assert problems(priced({1: 1, 2: 1}, offers=offers)) == [("order_too_large", {})]


def test_adjustments_are_applied_in_order() -> None:
    first_discount, _ = priced({1: 3}, adjustments=[TenPercent(), Delivery()])
    assert [(each.label, str(each.amount)) for each in first_discount.adjustments] == [
        ("Ten percent", "-117.00"),
        ("Courier", "0"),
    ]
    first_delivery, _ = priced({1: 1}, adjustments=[Delivery(), TenPercent()])
    assert (str(first_delivery.subtotal), str(first_delivery.total)) == ("390.00", "441.00")


def test_expected_total_is_compared_with_the_adjusted_one() -> None:
    assert problems(priced({1: 1}, expected="490.00", adjustments=[Delivery()])) == []
    assert [code for code, _ in problems(priced({1: 1}, expected="390.00", adjustments=[Delivery()]))] == [
        "price_changed"
    ]


def test_adjustment_that_refuses_is_a_problem_and_the_rest_is_priced() -> None:
    found = priced({2: 1}, adjustments=[Delivery(), TenPercent()])
    assert problems(found) == [("too_small", {"least": "1.00"})]
    assert [each.kind for each in found.quote.adjustments] == ["discount"]


def test_problems_are_ordered_by_importance() -> None:
    found = priced({2: 1, 1: 6, 9: 1}, expected="1.00", adjustments=[Delivery()])
    assert [problem.code for problem in found.problems] == ["product_unavailable", "price_changed", "out_of_stock"]


amounts = st.decimals(min_value=0, max_value=100_000, places=2)


@given(st.dictionaries(st.integers(1, 50), st.tuples(amounts, st.integers(1, 999)), min_size=1))
def test_total_is_the_sum_of_items_and_adjustments(wanted: dict[int, tuple[Decimal, int]]) -> None:
    offers = {pk: Offer(-pk, pk, "P", [], "S", amount, None) for pk, (amount, _) in wanted.items()}
    quote, _ = priced({pk: pieces for pk, (_, pieces) in wanted.items()}, offers=offers, adjustments=[TenPercent()])
    assert quote.total == sum(amount * pieces for amount, pieces in wanted.values()) + quote.adjustments[0].amount
    assert quote.total.as_tuple().exponent == -2
