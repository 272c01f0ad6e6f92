"""Services of a customer's saved addresses: those of the latest orders."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Greatest

from accounts.models import User
from customers.locking import lock_customer
from customers.models import SavedAddress

MAX_ADDRESSES = 5


def saved_addresses(user: User) -> QuerySet[SavedAddress]:
    """Return a customer's addresses, last used first."""
    return SavedAddress.objects.filter(user=user).order_by("-used_at", "-pk")


def save_address(*, user: User, address: str, used_at: datetime) -> None:
    """Save the address of an order; of more than MAX_ADDRESSES, the one used longest ago is deleted.

    :raises CustomerDeleted: if staff have deleted the customer meanwhile.
    """
    # Most orders go to a known address: one statement.
    if _use_again(user, address, used_at):
        return
    with transaction.atomic():
        lock_customer(user)
        if _use_again(user, address, used_at):
            return
        SavedAddress.objects.create(user=user, address=address, used_at=used_at)
        kept = list(saved_addresses(user).values_list("pk", flat=True)[:MAX_ADDRESSES])
        SavedAddress.objects.filter(user=user).exclude(pk__in=kept).delete()


def _use_again(user: User, address: str, used_at: datetime) -> bool:
    known = SavedAddress.objects.filter(user=user, address=address)
    return bool(known.update(used_at=Greatest("used_at", used_at)))
