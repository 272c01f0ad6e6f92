"""Uses of promotions: recorded with the order, released with its cancellation."""

from django.db import IntegrityError
from django.db.models import F, Q
from django.utils.translation import gettext as _

from orders.models import Order
from promotions.models import Promotion, PromotionUse
from shop.errors import DomainError


class PromoUsedUp(DomainError):
    """The promotion was used as often as it may be."""

    code = "promo_used_up"

    def __init__(self) -> None:
        super().__init__(_("This promo code has been used up."))


class PromoAlreadyUsed(DomainError):
    """The customer has used the promotion, or is not a new customer."""

    code = "promo_already_used"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or _("You have used this promo code already."))


def redeem(order_id: int, *, promotion_id: int, user_id: int, once: bool, counted: bool) -> None:
    """Record the use of a promotion by an order, in the order's transaction and after its goods are locked.

    The conditional UPDATE judges the newest version of the locked row, so concurrent orders cannot pass the limit.

    :param counted: by `used`; a promotion without a code is not, as all orders would wait for its row.
    :raises PromoUsedUp: if the limit is reached.
    :raises PromoAlreadyUsed: if the customer has used it.
    """
    if counted:
        within = Q(usage_limit=None) | Q(used__lt=F("usage_limit"))
        if not Promotion.objects.filter(within, pk=promotion_id, is_active=True).update(used=F("used") + 1):
            raise PromoUsedUp
    try:
        PromotionUse.objects.create(promotion_id=promotion_id, user_id=user_id, order_id=order_id, once=once)
    except IntegrityError as error:
        if "promotions_promotionuse_once" not in str(error):
            raise
        raise PromoAlreadyUsed from error


def release(order: Order) -> None:
    """Give the use of a cancelled order's promotion back (settings.ORDER_CANCELLED)."""
    if order.promotion_id is None:
        return
    deleted, _rows = PromotionUse.objects.filter(order=order).delete()
    if deleted and order.promo_code:
        Promotion.objects.filter(pk=order.promotion_id).update(used=F("used") - 1)
