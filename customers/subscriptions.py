"""Services of subscriptions to sold-out variants."""

from datetime import datetime

from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Variant
from customers.locking import lock_customer
from customers.models import StockSubscription
from shop.errors import DomainError

MAX_SUBSCRIPTIONS = 100


class VariantInStock(DomainError):
    """There is no need to wait for the variant."""

    code = "variant_in_stock"


class SubscriptionsLimitReached(DomainError):
    """The customer waits for as many variants as one may."""

    code = "subscriptions_limit"


def subscriptions(user: User) -> QuerySet[StockSubscription]:
    """Return the variants that a customer waits for, newest first, without those that the customer was told about."""
    waiting = StockSubscription.objects.filter(user=user, notified_at=None)
    return waiting.select_related("variant").order_by("-created_at", "-pk")


@transaction.atomic
def subscribe(*, user: User, variant: Variant, now: datetime) -> None:
    """Have a customer wait for a sold-out variant, if they do not yet; also again, after they were told.

    :raises VariantInStock: if it can be ordered.
    :raises SubscriptionsLimitReached: if the customer waits for MAX_SUBSCRIPTIONS variants already.
    """
    lock_customer(user)
    # Locked, so that the commit that restocks it comes before this check, or after the subscription is there.
    stock = list(Variant.objects.select_for_update(no_key=True).filter(pk=variant.pk).values_list("is_available"))
    if not stock:
        raise OperationalError("The variant was deleted meanwhile.")
    if stock == [(True,)]:
        raise VariantInStock(_("This is in stock: you can order it now."))
    waiting = subscriptions(user)
    if waiting.filter(variant=variant).exists():
        return
    if waiting.count() >= MAX_SUBSCRIPTIONS:
        sentence = _("You can wait for at most %(limit)s products: cancel some of them first.")
        raise SubscriptionsLimitReached(sentence % {"limit": MAX_SUBSCRIPTIONS}, limit=MAX_SUBSCRIPTIONS)
    StockSubscription.objects.update_or_create(
        user=user, variant=variant, defaults={"created_at": now, "notified_at": None}
    )


def unsubscribe(*, user: User, variant_id: int) -> None:
    """Have a customer not wait for a variant any more."""
    StockSubscription.objects.filter(user=user, variant_id=variant_id).delete()
