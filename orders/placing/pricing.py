"""Pricing of a cart: pure functions, without database, clock or settings."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple

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
    discount: Decimal = Decimal(0)  # its share of the quote's

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity


DISCOUNT, DELIVERY = "discount", "delivery"


class Amount(NamedTuple):
    """Adjustment of the total, copied onto the order: below zero for a discount, above for a delivery fee."""

    kind: str  # DISCOUNT, DELIVERY, or a kind of another app, which is a surcharge
    label: str  # for people, in LANGUAGE_CODE: it is stored on the order, and managers read it
    amount: Decimal


class Promo(NamedTuple):
    """Promo code of a cart that is valid; `is_used` if it gives the discount or the free delivery."""

    code: str
    name: str
    is_used: bool


class PromoUnknown(DomainError):
    """There is no such promo code. Counted for each customer, so that codes cannot be guessed."""

    code = "promo_unknown"


# Saves data of an adjustment about the placed order, whose id it gets, in the order's transaction.
Record = Callable[[int], None]


@dataclass(frozen=True)
class Quote:
    """Price of a cart: its items, by variant id, and what adjustments have added, in the order of the settings."""

    items: tuple[QuotedItem, ...]
    adjustments: tuple[Amount, ...] = ()
    delivery_price: Decimal | None = Decimal(0)  # None: the shop has to confirm it
    free_delivery: bool = False  # of a promotion
    promo: Promo | None = None
    order_fields: Mapping[str, Any] = field(default_factory=dict)  # further columns of the order
    records: tuple[Record, ...] = ()
    problems: tuple[DomainError, ...] = ()  # found by adjustments that could price the cart nevertheless

    @property
    def subtotal(self) -> Decimal:
        return sum((item.total for item in self.items), Decimal(0))

    @property
    def discount(self) -> Decimal:
        return sum((item.discount for item in self.items), Decimal(0))

    @property
    def surcharge(self) -> Decimal:
        others = (each.amount for each in self.adjustments if each.kind not in (DISCOUNT, DELIVERY))
        return sum(others, Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.subtotal - self.discount + (self.delivery_price or 0) + self.surcharge

    @property
    def pieces(self) -> int:
        return sum(item.quantity for item in self.items)

    def with_surcharge(self, amount: Amount) -> "Quote":
        """Add an amount of another kind than a discount and delivery."""
        return replace(self, adjustments=(*self.adjustments, amount))

    def with_discount(self, label: str, amount: Decimal) -> "Quote":
        """Subtract a discount, at most the sum of the items; each item gets its share (`spread`)."""
        left = [item.total - item.discount for item in self.items]
        amount = min(amount, sum(left, Decimal(0)))
        items = tuple(
            replace(item, discount=item.discount + share)
            for item, share in zip(self.items, spread(amount, left), strict=True)
        )
        return replace(self, items=items, adjustments=(*self.adjustments, Amount(DISCOUNT, label, -amount)))

    def with_record(self, record: Record) -> "Quote":
        """Add a function to be called in the order's transaction."""
        return replace(self, records=(*self.records, record))

    def with_delivery(self, label: str, price: Decimal | None) -> "Quote":
        """Add the delivery price; None: the shop has to confirm it."""
        amounts = () if price is None else (Amount(DELIVERY, label, price),)
        return replace(self, delivery_price=price, adjustments=(*self.adjustments, *amounts))

    def with_problems(self, problems: Sequence[DomainError]) -> "Quote":
        """Add reasons to refuse the order."""
        return replace(self, problems=(*self.problems, *problems))

    def with_fields(self, **columns: Any) -> "Quote":
        """Set columns of the order."""
        return replace(self, order_fields={**self.order_fields, **columns})


def spread(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Divide an amount in proportion to weights, in hundredths, by the largest remainders.

    The shares come to the amount exactly, and none is above its weight unless the amount is above their sum.
    """
    hundredths, parts = int(amount * 100), [int(weight * 100) for weight in weights]
    whole = sum(parts) or 1
    shares = [hundredths * part // whole for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda place: (-(hundredths * parts[place] % whole), place))
    for place in by_remainder[: hundredths - sum(shares)]:
        shares[place] += 1
    return [Decimal(share).scaleb(-2) for share in shares]


# Pricing rule of another app (settings.ORDER_ADJUSTMENTS): returns the adjusted quote, whose total must not be below
# zero. It may query the database, and raise a DomainError to refuse the checkout.
Adjustment = Callable[[Quote, Checkout], Quote]


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
            quote = adjustment(quote, checkout)
        except DomainError as refusal:
            problems.append(refusal)
    problems += quote.problems
    # A shortage comes last: place_order may find that it is over, and must know of all other problems by then.
    return Priced(quote, problems + conditions.unmet(quote.subtotal, cart) + _problems_of(quote, cart))


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
