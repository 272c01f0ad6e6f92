"""Status changes of a placed order."""

import logging
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models.functions import Now
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import StockMovement
from catalog.stock import move_stock
from orders.models import Order, OrderEvent
from orders.signals import order_status_changed
from orders.statuses import Status
from shop.errors import DomainError

logger = logging.getLogger(__name__)

CANCELLED_AT_A_TIME = 500  # per run of cancel_unconfirmed()


class InvalidTransition(DomainError):
    """The transition to the wanted status is not allowed."""

    code = "invalid_transition"


class DeliveryNotAgreed(InvalidTransition):
    """The customer has not agreed to the delivery price yet."""

    code = "delivery_not_agreed"


@transaction.atomic
def change_status(*, order_id: int, to: str, actor: User | None, note: str = "", only_from: str = "") -> Order:
    """Move an order to another status, record the event, and return the items to stock if it is cancelled.

    :param only_from: the only status that this actor may move the order from; "" for all that the table allows.
    :raises Order.DoesNotExist: if there is no such order.
    :raises InvalidTransition: if the table of statuses or `only_from` does not allow it; no row is changed.
    :raises DeliveryNotAgreed: if the customer has not agreed to the delivery price of an order to be confirmed.
    """
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    before = order.status
    if not order.may_become(to) or (only_from and before != only_from):
        raise InvalidTransition(
            _("An order that is %(before)s cannot become %(to)s.")
            % {"before": order.get_status_display(), "to": Status(to).label},
            status_now=before,
        )
    if to != Status.CANCELLED and not order.delivery_agreed:
        raise DeliveryNotAgreed(_("The customer has not agreed to the delivery price yet."), status_now=before)
    order.status = to
    order.save(update_fields=["status", "updated_at"])
    if to == Status.CANCELLED:
        _put_back(order, actor)
        for release in map(import_string, settings.ORDER_CANCELLED):
            release(order)
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
    """Cancel orders that were not confirmed in time, so that their products can be sold to other customers.

    Each order is cancelled in its own transaction, and the managers are notified.

    :returns: the number of cancelled orders.
    """
    too_old = Order.objects.filter(status=Status.NEW, created_at__lt=Now() - older_than)
    note = _("Not confirmed within %(hours)s h.") % {"hours": round(older_than / timedelta(hours=1))}
    cancelled = 0
    for order_id in too_old.order_by("pk").values_list("pk", flat=True)[:CANCELLED_AT_A_TIME]:
        try:
            change_status(order_id=order_id, to=Status.CANCELLED, actor=None, note=note, only_from=Status.NEW)
        except InvalidTransition:
            continue  # its status has changed since the list was read
        except DatabaseError:
            logger.exception("Order %s could not be cancelled", order_id)  # the other orders must still be cancelled
            continue
        cancelled += 1
    return cancelled


def _put_back(order: Order, actor: User | None) -> None:
    move_stock(
        {item.variant_id: item.quantity for item in order.items.filter(stock_taken=True)},
        reason=StockMovement.Reason.CANCELLED,
        order_id=order.pk,
        actor_id=actor.pk if actor else None,
    )
