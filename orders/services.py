"""The life of an order: placed once, at our prices, from stock that is there; then from status to status."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import partial
from typing import ClassVar

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import errors as pg

from accounts.models import User
from catalog.models import Product
from orders import outbox
from orders.models import Order, OrderEvent, OrderItem
from orders.placing import write_order
from orders.signals import order_placed, order_status_changed
from shop.errors import DomainError

KEY_ONCE = "orders_order_idempotency_key_once"
MAX_TOTAL = Decimal("9999999999.99")  # what numeric(12, 2) holds


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
        wish = asdict(self) | {"quantities": sorted(self.quantities.items())}
        return hashlib.sha256(json.dumps(wish, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class _Offer:
    """What the catalogue says of a product at the moment of ordering; `stock` is None if it is not counted."""

    pk: int
    name: str
    sku: str
    price: Decimal
    stock: int | None


def place_order(*, user: User, cart: Cart, idempotency_key: str | None = None) -> tuple[Order, bool]:
    """Place an order; return it with its lines and history, and whether it is new (False: this key had placed it).

    :raises DomainError: one of the above, and then no row has changed.
    """
    try:
        return _place_order(user=user, cart=cart, idempotency_key=idempotency_key), True
    except IntegrityError as error:
        if not _violates(error, KEY_ONCE):
            raise
        return _replay(user, cart, idempotency_key), False
    except DomainError:
        # Whatever the shelves say by now: a key that has placed an order is answered with that order.
        if idempotency_key and Order.objects.of(user).filter(idempotency_key=idempotency_key).exists():
            return _replay(user, cart, idempotency_key), False
        raise


def _replay(user: User, cart: Cart, idempotency_key: str | None) -> Order:
    order = Order.objects.of(user).with_details().get(idempotency_key=idempotency_key)
    if order.request_hash != cart.fingerprint():
        raise IdempotencyKeyReused(_("This Idempotency-Key was used for another order; take a new one."))
    return order


@transaction.atomic
def _place_order(*, user: User, cart: Cart, idempotency_key: str | None) -> Order:
    offers = _offers(cart)
    total = sum((offer.price * cart.quantities[offer.pk] for offer in offers), Decimal(0))
    if cart.expected_total is not None and cart.expected_total != total:
        raise PriceChanged(
            _("The total is %(total)s now.") % {"total": total},
            expected_total=str(cart.expected_total),
            total=str(total),
        )
    if total > MAX_TOTAL:
        raise OrderTooLarge(_("The total is above %(limit)s.") % {"limit": MAX_TOTAL})
    order = Order(
        user=user,
        total=total,
        currency=settings.CURRENCY,
        contact_name=cart.contact_name or user.get_full_name(),
        phone=cart.phone or user.phone,
        address=cart.address,
        comment=cart.comment,
        idempotency_key=idempotency_key,
        request_hash=cart.fingerprint(),
        created_at=timezone.now(),
    )
    order.lines = [
        OrderItem(
            product_id=offer.pk,
            name=offer.name,
            sku=offer.sku,
            price=offer.price,
            quantity=cart.quantities[offer.pk],
            stock_taken=offer.stock is not None,
        )
        for offer in offers
    ]
    event = OrderEvent(kind=OrderEvent.Kind.PLACED, to_status=order.status, actor=user, created_at=order.created_at)
    order.history = [event]
    try:
        taken = write_order(order, event, outbox.managers())
    except OperationalError as error:
        # PostgreSQL waited for the transaction that has the same key, for as long as lock_timeout lets it.
        if _waited_for_key(error):
            raise IdempotencyKeyInUse(_("The first request with this key is still under way.")) from None
        raise
    _check_stock(order, taken)
    transaction.on_commit(partial(order_placed.send_robust, sender=Order, order=order, event=event), robust=True)
    return order


def _offers(cart: Cart) -> list[_Offer]:
    """Read what is asked for, in the order of the keys: that is the order in which rows are locked later."""
    on_sale = Product.objects.on_sale().filter(pk__in=list(cart.quantities)).order_by("pk")
    offers = [_Offer(*row) for row in on_sale.values_list("pk", "name", "sku", "price", "stock")]
    missing = sorted(cart.quantities.keys() - {offer.pk for offer in offers})
    if missing:
        raise ProductUnavailable(
            _("Some products are not sold any more."), items=[{"product_id": pk} for pk in missing]
        )
    return offers


def _check_stock(order: Order, taken: set[int]) -> None:
    counted = {line.product_id: line.quantity for line in order.lines if line.stock_taken}
    short = {pk: quantity for pk, quantity in counted.items() if pk not in taken}
    if short:
        left = dict(Product.objects.filter(pk__in=short).values_list("pk", "stock"))
        raise OutOfStock(
            _("There is not enough left of some products."),
            items=[
                {"product_id": pk, "requested": quantity, "available": left.get(pk) or 0}
                for pk, quantity in short.items()
            ],
        )


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
            % {"before": order.get_status_display(), "to": Order.Status(to).label},
            status_now=before,
        )
    order.status = to
    order.save(update_fields=["status", "updated_at"])
    if to == Order.Status.CANCELLED:
        _put_back(order)
    event = OrderEvent.objects.create(
        order=order,
        kind=OrderEvent.Kind.STATUS_CHANGED,
        from_status=before,
        to_status=to,
        actor=actor,
        note=note,
    )
    if to == Order.Status.CANCELLED and actor == order.user:
        # Staff know what they did themselves; a customer who backs out must not find the parcel packed.
        outbox.tell_managers(event)
    transaction.on_commit(
        partial(order_status_changed.send_robust, sender=Order, order=order, event=event), robust=True
    )
    return order


def _put_back(order: Order) -> None:
    for item in order.items.filter(stock_taken=True).order_by("product_id"):
        Product.objects.put_back(item.product_id, item.quantity)


def _waited_for_key(error: OperationalError) -> bool:
    cause = error.__cause__
    # The context names the index, in any language; waiting for a row of stock names the table of products.
    return isinstance(cause, pg.LockNotAvailable) and KEY_ONCE in (cause.diag.context or "")


def _violates(error: IntegrityError, constraint: str) -> bool:
    cause = error.__cause__
    return isinstance(cause, pg.IntegrityError) and cause.diag.constraint_name == constraint
