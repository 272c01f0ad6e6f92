"""Row lock on a customer, for limits on the number of their rows."""

from accounts.models import User
from accounts.services import CustomerDeleted


def lock_customer(user: User) -> None:
    """Lock a customer's row until the end of the transaction.

    Of two requests at once, the second counts what the first has added.

    :raises CustomerDeleted: if staff have deleted the customer meanwhile.
    """
    if not list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk")):
        raise CustomerDeleted("The customer was deleted meanwhile.")
