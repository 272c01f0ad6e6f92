"""The life of an order: placed once, at our prices, from stock that is there; then from status to status."""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import ClassVar

from django.conf import settings
from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import errors as pg

from accounts.models import User
from catalog.models import Product
from orders.limits import OpenOrders, OpenOrdersLimit, OpenOrdersLimitReached
from orders.models import Order, OrderEvent, OrderItem
from orders.placing import MAX_TOTAL, Outcome, write_order
from orders.signals import order_placed, order_status_changed
from orders.statuses import Status
from shop.errors import DomainError

logger = logging.getLogger(__name__)

CANCELLED_AT_A_TIME = 500  # by one run of cancel_unconfirmed()


class ProductUnavailable(DomainError):
    """Some products are not sold (any more)."""

    code = "product_unavailable"


class OutOfStock(DomainError):
    """Some products have fewer pieces left than were asked for."""

    code = "out_of_stock"


class PriceChanged(DomainError):
    """The customer saw another total than the one we would charge."""

    code = "price_changed"


class OrderTooLarge(DomainError):
    """The total is above what can be booked."""

    code = "order_too_large"


class InvalidTransition(DomainError):
    """The order cannot have that status now."""

    code = "invalid_transition"


class IdempotencyKeyInUse(DomainError):
    """The first request with this key is still under way."""

    code = "idempotency_key_in_use"


class IdempotencyKeyReused(DomainError):
    """The key was used for another request before."""

    status: ClassVar[int] = 422
    code = "idempotency_key_reused"


@dataclass(frozen=True)
class Cart:
    """What a customer asks for: pieces by product id, where to, and the total that was shown (if any)."""

    quantities: Mapping[int, int]
    contact_name: str = ""
    phone: str = ""
    address: str = ""
    comment: str = ""
    expected_total: Decimal | None = None

    def fingerprint(self) -> str:
        """Return the SHA-256 of it all in hex, the same for the same wish."""
        wish = vars(self) | {"quantities": sorted(self.quantities.items())}
        return hashlib.sha256(json.dumps(wish, default=str).encode()).hexdigest()


def place_order(*, user: User, cart: Cart, idempotency_key: str | None = None) -> tuple[Order, bool]:
    """Place an order; return it with its lines and history, and whether it is new (False: this key had placed it).

    :raises DomainError: one of the above, and then no row has changed.
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
    outcome = _write(order, cart)
    if outcome.refusal or outcome.order_id is None:
        # Whatever the shelves say by now: a key that has placed an order is answered with that order.
        placed_before = _placed_before(order)
        if placed_before is None:
            raise _refusal(outcome, cart)
        return placed_before, False
    event = _take_over(order, outcome)
    transaction.on_commit(partial(order_placed.send_robust, sender=Order, order=order, event=event), robust=True)
    return order, True


def _write(order: Order, cart: Cart) -> Outcome:
    try:
        return _write_once(order, cart)
    except IntegrityError as error:
        if not isinstance(error.__cause__, pg.ForeignKeyViolation):
            raise
        if error.__cause__.diag.table_name != OrderItem._meta.db_table:
            # Staff deleted the customer, whom the next request makes anew.
            raise OperationalError("The customer was deleted meanwhile.") from error
        # Staff deleted a product after the statement had found it; now it will not be found.
        return _write_once(order, cart)


def _write_once(order: Order, cart: Cart) -> Outcome:
    try:
        return write_order(
            order,
            quantities=cart.quantities,
            expected_total=cart.expected_total,
            limit=OpenOrdersLimit.from_settings(),
        )
    except OperationalError as error:
        # PostgreSQL waited for the transaction that has the same key, for as long as lock_timeout lets it.
        if order.idempotency_key is not None and _waited_for_key(error):
            raise IdempotencyKeyInUse(_("The first request with this key is still under way.")) from None
        raise


def _take_over(order: Order, outcome: Outcome) -> OrderEvent:
    """Give the order, its lines and its history what the statement found and wrote; return its first event."""
    order.pk, order.total, order.updated_at = outcome.order_id, outcome.total, order.created_at
    event = OrderEvent(
        pk=outcome.event_id,
        order=order,
        kind=OrderEvent.Kind.PLACED,
        to_status=order.status,
        actor=order.user,
        created_at=order.created_at,
    )
    order.history = [event]
    order.lines = [
        OrderItem(
            order_id=order.pk,
            product_id=line.product_id,
            name=line.name,
            sku=line.sku,
            price=line.price,
            quantity=line.quantity,
            stock_taken=line.stock is not None,
        )
        for line in outcome.lines
    ]
    return event


def _placed_before(order: Order) -> Order | None:
    """Find the order that this customer placed with this key.

    :raises IdempotencyKeyReused: if something else was asked for then.
    """
    if order.idempotency_key is None:
        return None
    found = Order.objects.of(order.user).with_details().filter(idempotency_key=order.idempotency_key).first()
    if found and found.request_hash != order.request_hash:
        raise IdempotencyKeyReused(_("This Idempotency-Key was used for another order; take a new one."))
    return found


def _refusal(outcome: Outcome, cart: Cart) -> DomainError:
    """Put into words what the statement decided."""
    match outcome.refusal:
        case ProductUnavailable.code:
            return ProductUnavailable(
                _("Some products are not sold any more."),
                items=[
                    {"product_id": pk}
                    for pk in sorted(cart.quantities.keys() - {line.product_id for line in outcome.lines})
                ],
            )
        case PriceChanged.code:
            return PriceChanged(
                _("The total is %(total)s now.") % {"total": outcome.total},
                expected_total=str(cart.expected_total),
                total=str(outcome.total),
            )
        case OrderTooLarge.code:
            return OrderTooLarge(_("The total is above %(limit)s.") % {"limit": MAX_TOTAL})
        case OutOfStock.code:
            return OutOfStock(
                _("There is not enough left of some products."),
                items=[
                    {"product_id": line.product_id, "requested": line.quantity, "available": line.stock}
                    for line in outcome.lines
                    if line.stock is not None and line.stock < line.quantity
                ],
            )
        case OpenOrdersLimitReached.code:
            wish = OpenOrders(1, sum(cart.quantities.values()), outcome.total)
            return OpenOrdersLimitReached(OpenOrdersLimit.from_settings(), outcome.open, wish)
    raise AssertionError(f"orders.placing refused for a reason that has no words: {outcome.refusal}")


@transaction.atomic
def change_status(*, order_id: int, to: str, actor: User | None, note: str = "", only_from: str = "") -> Order:
    """Move an order to another status, write it down, and put the goods back when it is cancelled.

    :param only_from: the one status the actor may move it from, if he may not do all that the table allows.
    :raises Order.DoesNotExist: if there is no such order.
    :raises InvalidTransition: if the table of transitions (or `only_from`) does not allow it; nothing changes.
    """
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    before = order.status
    if not order.may_become(to) or (only_from and before != only_from):
        raise InvalidTransition(
            _("An order that is %(before)s cannot become %(to)s.")
            % {"before": order.get_status_display(), "to": Status(to).label},
            status_now=before,
        )
    order.status = to
    order.save(update_fields=["status", "updated_at"])
    if to == Status.CANCELLED:
        _put_back(order)
    event = OrderEvent.objects.create(
        order=order,
        kind=OrderEvent.Kind.STATUS_CHANGED,
        from_status=before,
        to_status=to,
        actor=actor,
        note=note,
    )
    transaction.on_commit(
        partial(order_status_changed.send_robust, sender=Order, order=order, event=event), robust=True
    )
    return order


def cancel_unconfirmed(*, older_than: timedelta) -> int:
    """Cancel the orders that staff left unconfirmed for too long, so that their goods are sold to others.

    Each order is cancelled in a transaction of its own, and the managers are told.

    :returns: how many were cancelled.
    """
    too_old = Order.objects.filter(status=Status.NEW, created_at__lt=Now() - older_than)
    note = _("Not confirmed within %(hours)s h.") % {"hours": round(older_than / timedelta(hours=1))}
    cancelled = 0
    for order_id in too_old.order_by("pk").values_list("pk", flat=True)[:CANCELLED_AT_A_TIME]:
        try:
            change_status(order_id=order_id, to=Status.CANCELLED, actor=None, note=note, only_from=Status.NEW)
        except InvalidTransition:
            continue  # staff or the customer were faster since the list was read
        except DatabaseError:
            logger.exception("Order %s could not be cancelled", order_id)  # the others must not wait for this one
            continue
        cancelled += 1
    return cancelled


def _put_back(order: Order) -> None:
    for item in order.items.filter(stock_taken=True).order_by("product_id"):
        Product.objects.put_back(item.product_id, item.quantity)


def _waited_for_key(error: OperationalError) -> bool:
    cause = error.__cause__
    # The context names the table, in any language. Goods wait in catalog_product. Where the customer's orders are
    # limited, the second request waits for the customer's row, before the key.
    context = (cause.diag.context or "") if isinstance(cause, pg.LockNotAvailable) else ""
    return '"orders_order"' in context or '"accounts_user"' in context
