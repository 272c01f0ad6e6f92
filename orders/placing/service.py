"""Services that price a cart and place an order, once per idempotency key."""

from functools import partial
from typing import ClassVar

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import errors as pg

from accounts.models import User
from merchant.current import current
from orders.models import Order, OrderAdjustment, OrderEvent, OrderItem
from orders.placing import adjustments, pricing
from orders.placing.cart import Cart, Checkout
from orders.placing.conditions import Conditions
from orders.placing.limits import OpenOrders, OpenOrdersLimit, OpenOrdersLimitReached
from orders.placing.offers import read_offers
from orders.placing.pricing import OutOfStock, Priced, Quote
from orders.placing.writing import Outcome, order_columns, write_order
from orders.signals import order_placed
from shop.errors import DomainError

ATTEMPTS = 3  # to price a cart whose products change before the order is written


class IdempotencyKeyInUse(DomainError):
    """The first request with this key has not finished."""

    code = "idempotency_key_in_use"


class IdempotencyKeyReused(DomainError):
    """The key was used for a different request."""

    status: ClassVar[int] = 422
    code = "idempotency_key_reused"


def quote_cart(checkout: Checkout) -> Priced:
    """Price a cart and return the reasons to refuse an order of it; nothing is written."""
    conditions = _conditions()._replace(consent=())  # consent is given with the order
    return pricing.price(read_offers(checkout.cart), checkout, adjustments.adjustments(), conditions)


def _conditions() -> Conditions:
    shop = current()
    return Conditions(
        accepts_orders=shop.settings.accepts_orders,
        notice=shop.settings.notice,
        min_total=shop.settings.min_total,
        consent=tuple(sorted(shop.consent.items())),
    )


def place_order(*, user: User, cart: Cart, idempotency_key: str | None = None) -> tuple[Order, bool]:
    """Place an order; return it with items and history, and whether it is new (False: found by its key).

    :raises DomainError: of pricing, of the merchant's conditions, of an adjustment, of the limits or of the key; then
        no row is changed.
    """
    order = Order(
        user=user,
        currency=settings.CURRENCY,
        contact_name=cart.contact_name or user.get_full_name(),
        phone=cart.phone or user.phone,
        address=cart.address,
        comment=cart.comment,
        idempotency_key=idempotency_key,
        request_hash=cart.fingerprint(),
        created_at=timezone.now(),
    )
    try:
        quote, outcome = _price_and_write(order, Checkout(cart, user, is_order=True))
    except DomainError:
        # A key that has placed an order returns that order, even if price or stock would refuse it now.
        placed_before = _placed_before(order)
        if placed_before is None:
            raise
        return placed_before, False
    if outcome.order_id is None:
        placed_before = _placed_before(order)
        if placed_before is None:
            raise OperationalError("The order that had this key was deleted meanwhile.")
        return placed_before, False
    event = _fill_in(order, quote, outcome)
    transaction.on_commit(partial(order_placed.send_robust, sender=Order, order=order, event=event), robust=True)
    return order, True


def _price_and_write(order: Order, checkout: Checkout) -> tuple[Quote, Outcome]:
    conditions = _conditions()
    order.consent = dict(conditions.consent)
    offers, locked = read_offers(checkout.cart), False
    for _attempt in range(ATTEMPTS):
        quote, problems = pricing.price(offers, checkout, adjustments.adjustments(), conditions)
        # A shortage read without a lock may be out of date: a transaction under way may be returning stock.
        if problems and (locked or not isinstance(problems[0], OutOfStock)):
            raise problems[0]
        try:
            outcome = _write(order, quote)
        except IntegrityError as error:
            if not isinstance(error.__cause__, pg.ForeignKeyViolation):
                raise
            if error.__cause__.diag.table_name != OrderItem._meta.db_table:
                # Staff deleted the customer; the next request creates the row again.
                raise OperationalError("The customer was deleted meanwhile.") from error
            # Staff deleted a variant after the statement had read it.
            offers = read_offers(checkout.cart)
            continue
        if outcome.still_true:
            return quote, outcome
        offers, locked = offers._replace(by_variant=outcome.offers), True
    raise OperationalError(f"Products of the cart changed {ATTEMPTS} times while an order was placed.")


def _write(order: Order, quote: Quote) -> Outcome:
    """Write the order and what its adjustments record, in one transaction.

    :raises OpenOrdersLimitReached: if the customer's unconfirmed orders exceed a limit.
    """
    limit = OpenOrdersLimit.from_settings()
    try:
        if not quote.records:
            outcome = write_order(order, quote, limit)  # its own transaction
        else:
            with transaction.atomic():
                outcome = write_order(order, quote, limit)
                if outcome.order_id is not None:
                    for record in quote.records:
                        record(outcome.order_id)
    except OperationalError as error:
        # PostgreSQL waited for the transaction with the same key until lock_timeout.
        if order.idempotency_key is not None and _waited_for_key(error):
            raise IdempotencyKeyInUse(_("The first request with this key is still under way.")) from None
        raise
    if outcome.still_true and not outcome.within_limit:
        raise OpenOrdersLimitReached(limit, outcome.open, OpenOrders(1, quote.pieces, quote.total))
    return outcome


def _fill_in(order: Order, quote: Quote, outcome: Outcome) -> OrderEvent:
    """Set the written values, items and history on the instance; return its first event."""
    assert outcome.number is not None  # noqa: S101 - of a written order
    order.pk, order.number = outcome.order_id, outcome.number
    order.updated_at = order.created_at
    for name, value in order_columns(quote).items():
        setattr(order, name, value)
    event = OrderEvent(
        pk=outcome.event_id,
        order=order,
        kind=OrderEvent.Kind.PLACED,
        to_status=order.status,
        actor=order.user,
        created_at=order.created_at,
    )
    order.history = [event]
    order.adjustment_list = [OrderAdjustment(order_id=order.pk, **each._asdict()) for each in quote.adjustments]
    order.item_list = []
    for item in quote.items:
        offer = outcome.offers[item.variant_id]
        order.item_list.append(
            OrderItem(
                order_id=order.pk,
                variant_id=item.variant_id,
                product_id=item.product_id,
                name=offer.name,
                options=offer.options,
                sku=offer.sku,
                price=offer.price,
                quantity=item.quantity,
                discount=item.discount,
                stock_taken=offer.stock is not None,
            )
        )
    return event


def _placed_before(order: Order) -> Order | None:
    """Find the order that this customer placed with this key.

    :raises IdempotencyKeyReused: if that request was different.
    """
    if order.idempotency_key is None:
        return None
    found = Order.objects.of(order.user).with_details().filter(idempotency_key=order.idempotency_key).first()
    if found and found.request_hash != order.request_hash:
        raise IdempotencyKeyReused(_("This Idempotency-Key was used for another order; take a new one."))
    return found


def _waited_for_key(error: OperationalError) -> bool:
    cause = error.__cause__
    # The context names the table in any language; a wait for a variant names catalog_variant. With limits on a
    # customer's orders, the second request waits for the customer's row, before the key.
    context = (cause.diag.context or "") if isinstance(cause, pg.LockNotAvailable) else ""
    return '"orders_order"' in context or '"accounts_user"' in context
