"""Pricing rules, without a database."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.placing.cart import Cart, Checkout
from orders.placing.pricing import MAX_TOTAL, Adjustment, Amount, Offer, Offers, Priced, Quote, price, spread
from shop.errors import DomainError

TEA = Offer(11, 1, "Tea", [], "T", Decimal("390.00"), stock=5)
JAM = Offer(12, 2, "Jam", ["500 g"], "J", Decimal("0.50"), stock=None)
OFFERS = {1: TEA, 2: JAM}


class TooSmall(DomainError):
    """The fake delivery refuses small orders."""

    code = "too_small"


def delivery(quote: Quote, checkout: Checkout) -> Quote:
    """Add 100, or nothing from 1,000 on; refuse a subtotal below one ruble."""
    if quote.subtotal < 1:
        raise TooSmall("Order for a ruble at least.", least="1.00")
    return quote.with_delivery("Courier", Decimal(0 if quote.total >= 1000 else 100))


def ten_percent(quote: Quote, checkout: Checkout) -> Quote:
    """Subtract a tenth of the products."""
    return quote.with_discount("Ten percent", (quote.subtotal / 10).quantize(Decimal("0.01")))


def wrapping(quote: Quote, checkout: Checkout) -> Quote:
    """Add a surcharge."""
    return quote.with_surcharge(Amount("wrapping", "Gift wrapping", Decimal(50)))


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
    first_discount, _ = priced({1: 3}, adjustments=[ten_percent, delivery])
    assert [(each.label, str(each.amount)) for each in first_discount.adjustments] == [
        ("Ten percent", "-117.00"),
        ("Courier", "0"),
    ]
    first_delivery, _ = priced({1: 1}, adjustments=[delivery, ten_percent])
    assert (str(first_delivery.subtotal), str(first_delivery.total)) == ("390.00", "451.00")


def test_total_is_the_products_less_the_discount_with_delivery_and_surcharges() -> None:
    quote, _ = priced({1: 1}, adjustments=[ten_percent, delivery, wrapping])
    parts = (quote.subtotal, quote.discount, quote.delivery_price, quote.surcharge, quote.total)
    assert [str(part) for part in parts] == ["390.00", "39.00", "100", "50", "501.00"]


def test_delivery_that_is_to_be_confirmed_is_not_in_the_total() -> None:
    quote = priced({1: 1}).quote.with_delivery("Post", None)
    assert (quote.delivery_price, str(quote.total), quote.adjustments) == (None, "390.00", ())


def test_discount_is_at_most_the_sum_of_the_products() -> None:
    quote = priced({1: 1, 2: 1}).quote.with_discount("Gift", Decimal("1000.00")).with_discount("More", Decimal(1))
    assert (str(quote.discount), str(quote.total)) == ("390.50", "0.00")
    assert [str(item.discount) for item in quote.items] == ["390.00", "0.50"]


def test_expected_total_is_compared_with_the_adjusted_one() -> None:
    assert problems(priced({1: 1}, expected="490.00", adjustments=[delivery])) == []
    assert [code for code, _ in problems(priced({1: 1}, expected="390.00", adjustments=[delivery]))] == [
        "price_changed"
    ]


def test_adjustment_that_refuses_is_a_problem_and_the_rest_is_priced() -> None:
    found = priced({2: 1}, adjustments=[delivery, ten_percent])
    assert problems(found) == [("too_small", {"least": "1.00"})]
    assert [each.kind for each in found.quote.adjustments] == ["discount"]


def test_problems_are_ordered_by_importance() -> None:
    found = priced({2: 1, 1: 6, 9: 1}, expected="1.00", adjustments=[delivery])
    assert [problem.code for problem in found.problems] == ["product_unavailable", "price_changed", "out_of_stock"]


amounts = st.decimals(min_value=0, max_value=100_000, places=2)


@given(st.dictionaries(st.integers(1, 50), st.tuples(amounts, st.integers(1, 999)), min_size=1))
def test_total_is_the_sum_of_items_and_adjustments(wanted: dict[int, tuple[Decimal, int]]) -> None:
    offers = {pk: Offer(-pk, pk, "P", [], "S", amount, None) for pk, (amount, _) in wanted.items()}
    quote, _ = priced({pk: pieces for pk, (_, pieces) in wanted.items()}, offers=offers, adjustments=[ten_percent])
    assert quote.total == sum(amount * pieces for amount, pieces in wanted.values()) + quote.adjustments[0].amount
    assert quote.total.as_tuple().exponent == -2
    assert sum(item.discount for item in quote.items) == quote.discount == -quote.adjustments[0].amount
    assert all(0 <= item.discount <= item.total for item in quote.items)


@given(st.lists(amounts, min_size=1, max_size=100), st.fractions(0, 1))
def test_shares_of_a_discount_come_to_it_and_none_is_above_its_item(weights: list[Decimal], part: Fraction) -> None:
    amount = Decimal(int(int(sum(weights) * 100) * part)) / 100
    shares = spread(amount, weights)
    assert sum(shares) == amount
    assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))
    exact = [float(amount) * float(weight) / (float(sum(weights)) or 1) for weight in weights]
    assert all(abs(float(share) - each) <= 0.011 for share, each in zip(shares, exact, strict=True))
