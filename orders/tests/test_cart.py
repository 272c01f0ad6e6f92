"""Fingerprint of a cart: what makes a repeated request the same."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from orders.placing.cart import Cart, DeliveryChoice


@dataclass(frozen=True)
class LaterCart(Cart):
    """A cart of a later version, with one more choice."""

    wrapping: str = "none"


FULL: dict[str, Any] = {
    "contact_name": "Anna",
    "phone": "+7",
    "address": "Mira 1",
    "comment": "Call",
    "expected_total": Decimal("1.00"),
}
LATER: dict[str, Any] = {
    "consent": (("terms", "1"),),
    "variants": {1: 2},
    "promo_code": "SPRING",
    "delivery": DeliveryChoice(1, deliver_on=date(2026, 1, 31)),
    "payment_method_id": 1,
}


def test_order_of_the_products_does_not_matter() -> None:
    assert Cart({1: 2, 3: 4}).fingerprint() == Cart({3: 4, 1: 2}).fingerprint()


def test_each_field_matters() -> None:
    plain = Cart({1: 2})
    carts = [
        plain,
        Cart({1: 3}),
        Cart({2: 2}),
        *(Cart({1: 2}, **{name: value}) for name, value in (FULL | LATER).items()),
    ]
    assert len({cart.fingerprint() for cart in carts}) == len(carts)


def test_fingerprint_of_the_first_version_stays() -> None:
    """Rows of orders hold it: a request that is repeated after an update must find its order."""
    assert Cart({1: 2}).fingerprint() == "d1a14a2ba279dc17a3b19f3e57869ecd62eaa2fbf06984cec84cf9acbcdedcfd"
    assert Cart({1: 2}, **FULL).fingerprint() == "f2105345f8845e990d0ce68577de9b92f06e29fb20e80055c7c88dc5b2626d82"


def test_field_that_is_added_later_counts_only_if_it_is_used() -> None:
    assert LaterCart({1: 2}).fingerprint() == Cart({1: 2}).fingerprint()
    assert LaterCart({1: 2}, wrapping="gift").fingerprint() != Cart({1: 2}).fingerprint()
