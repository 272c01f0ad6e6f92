"""Pricing of a cart: pure functions, without database, clock or settings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple, Protocol

from django.utils.translation import gettext as _

from orders.placing.cart import Cart, Checkout
from orders.placing.conditions import Conditions
from shop.errors import DomainError

MAX_TOTAL = Decimal("9999999999.99")  # what numeric(12, 2) holds


class ProductUnavailable(DomainError):
    """Some products are not on sale."""

    code = "product_unavailable"


class VariantRequired(DomainError):
    """Some products have several variants, and the cart names none of them."""

    code = "variant_required"


class OutOfStock(DomainError):
    """Some variants have less stock than the cart asks for."""

    code = "out_of_stock"


class PriceChanged(DomainError):
    """The total differs from the one that the customer was shown."""

    code = "price_changed"


class OrderTooLarge(DomainError):
    """The total exceeds the database column."""

    code = "order_too_large"


class Offer(NamedTuple):
    """Variant on sale, with its price; `stock` is None if it is not counted."""

    variant_id: int
    product_id: int
    name: str
    options: list[str]
    sku: str
    price: Decimal
    stock: int | None


class Offers(NamedTuple):
    """What is on sale of a cart."""

    by_variant: Mapping[int, Offer]
    only: Mapping[int, int]  # the variant of each product of the cart that has one
    several: frozenset[int] = frozenset()  # products of the cart that have several


@dataclass(frozen=True)
class QuotedItem:
    """Item of a quote: a variant at the price of its offer."""

    variant_id: int
    product_id: int
    name: str
    options: list[str]
    sku: str
    price: Decimal
    quantity: int
    stock: int | None

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity


class Amount(NamedTuple):
    """Adjustment of the total, copied onto the order: below zero for a discount, above for a delivery fee."""

    kind: str  # of the adjustment, such as "delivery"
    label: str  # for people, in LANGUAGE_CODE: it is stored on the order, and managers read it
    amount: Decimal


@dataclass(frozen=True)
class Quote:
    """Price of a cart: its items, by variant id, and its adjustments, in the order of the settings."""

    items: tuple[QuotedItem, ...]
    adjustments: tuple[Amount, ...] = ()

    @property
    def subtotal(self) -> Decimal:
        return sum((item.total for item in self.items), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.subtotal + sum((each.amount for each in self.adjustments), Decimal(0))

    @property
    def pieces(self) -> int:
        return sum(item.quantity for item in self.items)

    def with_adjustment(self, amount: Amount) -> "Quote":
        return replace(self, adjustments=(*self.adjustments, amount))


class Adjustment(Protocol):
    """Pricing rule of another app that adjusts the total; see settings.ORDER_ADJUSTMENTS."""

    def apply(self, quote: Quote, checkout: Checkout) -> Quote:
        """Return the adjusted quote; its total must not be below zero. May query the database.

        :raises DomainError: to refuse the checkout.
        """

    def record(self, order_id: int, quote: Quote) -> None:
        """Save data of the rule about a placed order, in the order's transaction."""


class Priced(NamedTuple):
    """Quote of what is on sale of a cart, and the reasons to refuse the order, the most important first."""

    quote: Quote
    problems: list[DomainError]


def price(
    offers: Offers,
    checkout: Checkout,
    adjustments: Sequence[Adjustment] = (),
    conditions: Conditions = Conditions(),  # noqa: B008 - immutable
) -> Priced:
    """Price a cart.

    :param conditions: of the merchant for an order.
    """
    cart = checkout.cart
    quantities = Counter(cart.variants)
    for product_id, variant_id in offers.only.items():
        quantities[variant_id] += cart.quantities[product_id]
    quote = Quote(
        tuple(
            QuotedItem(*offers.by_variant[pk][:-1], quantity=quantities[pk], stock=offers.by_variant[pk].stock)
            for pk in sorted(quantities.keys() & offers.by_variant.keys())
        )
    )
    problems = conditions.closed() + _missing(offers, cart)
    for adjustment in adjustments:
        try:
            quote = adjustment.apply(quote, checkout)
        except DomainError as refusal:
            problems.append(refusal)
    # A shortage comes last: place_order may find that it is over, and must know of all other problems by then.
    return Priced(
        quote, problems + conditions.unmet(quote.subtotal, checkout.cart) + _problems_of(quote, checkout.cart)
    )


def _missing(offers: Offers, cart: Cart) -> list[DomainError]:
    problems: list[DomainError] = []
    products = [pk for pk in sorted(cart.quantities) if offers.only.get(pk) not in offers.by_variant]
    items = [{"product_id": pk} for pk in products if pk not in offers.several]
    items += [{"variant_id": pk} for pk in sorted(cart.variants.keys() - offers.by_variant.keys())]
    if items:
        problems.append(ProductUnavailable(_("Some products are not sold any more."), items=items))
    if offers.several:
        items = [{"product_id": pk} for pk in sorted(offers.several)]
        problems.append(VariantRequired(_("Choose the options of some products."), items=items))
    return problems


def _problems_of(quote: Quote, cart: Cart) -> list[DomainError]:
    problems: list[DomainError] = []
    total = quote.total
    if cart.expected_total not in (None, total):
        problems.append(
            PriceChanged(
                _("The total is %(total)s now.") % {"total": total},
                expected_total=str(cart.expected_total),
                total=str(total),
            )
        )
    if total > MAX_TOTAL:
        problems.append(OrderTooLarge(_("The total is above %(limit)s.") % {"limit": MAX_TOTAL}))
    shortages = [
        {
            "product_id": item.product_id,
            "variant_id": item.variant_id,
            "requested": item.quantity,
            "available": item.stock,
        }
        for item in quote.items
        if item.stock is not None and item.stock < item.quantity
    ]
    if shortages:
        problems.append(OutOfStock(_("There is not enough left of some products."), items=shortages))
    return problems
