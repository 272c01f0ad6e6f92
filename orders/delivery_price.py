"""Delivery price of an order that was placed without one: the shop sets it, and the customer agrees to it."""

from decimal import Decimal
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Order, OrderAdjustment, OrderEvent
from orders.placing.pricing import DELIVERY, MAX_TOTAL
from orders.signals import order_delivery_priced
from shop.errors import DomainError
from shop.money import money


class DeliveryPriceSettled(DomainError):
    """The delivery price of the order is settled, or the order is not new any more."""

    code = "delivery_price_settled"


class DeliveryPriceChanged(DomainError):
    """The shop has set another delivery price than the one that the customer was shown."""

    code = "delivery_price_changed"


class DeliveryPriceTooHigh(DomainError):
    """The total would exceed the database column."""

    code = "order_too_large"


@transaction.atomic
def set_delivery_price(*, order_id: int, price: Decimal, actor: User) -> Order:
    """Set the delivery price of an order that waits for one; the customer has to agree to it.

    It may be set again until the customer has agreed.

    :raises Order.DoesNotExist: if there is no such order.
    :raises DeliveryPriceSettled: if it waits for no delivery price.
    :raises DeliveryPriceTooHigh: if the total would not fit into its column.
    """
    order = _locked(order_id)
    _require_waiting(order)
    total = order.subtotal - order.discount + order.surcharge + price
    if total > MAX_TOTAL:
        raise DeliveryPriceTooHigh(_("The total is above %(limit)s.") % {"limit": MAX_TOTAL})
    order.delivery_price, order.total = price, total
    order.save(update_fields=["delivery_price", "total", "updated_at"])
    OrderAdjustment.objects.filter(order=order, kind=DELIVERY).delete()
    OrderAdjustment.objects.create(order=order, kind=DELIVERY, label=order.delivery_name, amount=price)
    _record(order, OrderEvent.Kind.DELIVERY_PRICED, actor)
    return order


@transaction.atomic
def agree_to_delivery_price(*, order_id: int, price: Decimal, actor: User) -> Order:
    """Record that the customer agrees to the delivery price; agreeing twice changes nothing.

    :param price: the one that the customer was shown.
    :raises Order.DoesNotExist: if there is no such order.
    :raises DeliveryPriceSettled: if the order is not new any more.
    :raises DeliveryPriceChanged: if the price is another one by now, or not set yet.
    """
    order = _locked(order_id)
    if order.delivery_agreed and order.delivery_kind and order.delivery_price == price:
        return order
    _require_waiting(order)
    if order.delivery_price != price:
        raise DeliveryPriceChanged(
            _("The shop has changed the delivery price: look at the order again."),
            delivery_price=None if order.delivery_price is None else f"{order.delivery_price:.2f}",
            total=f"{order.total:.2f}",
        )
    order.delivery_agreed = True
    order.save(update_fields=["delivery_agreed", "updated_at"])
    _record(order, OrderEvent.Kind.DELIVERY_AGREED, actor)
    return order


def _locked(order_id: int) -> Order:
    return Order.objects.select_for_update(no_key=True).get(pk=order_id)


def _require_waiting(order: Order) -> None:
    if not order.waits_for_delivery_price:
        raise DeliveryPriceSettled(
            _("The delivery price of this order cannot be changed any more."), status_now=order.status
        )


def _record(order: Order, kind: str, actor: User) -> None:
    assert order.delivery_price is not None  # noqa: S101 - both callers have set or compared it
    event = OrderEvent.objects.create(
        order=order,
        kind=kind,
        from_status=order.status,
        to_status=order.status,
        actor=actor,
        note=money(order.delivery_price, order.currency),
    )
    transaction.on_commit(
        partial(order_delivery_priced.send_robust, sender=Order, order=order, event=event), robust=True
    )
