"""Promotions as an adjustment of the total (settings.ORDER_ADJUSTMENTS)."""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.freshness.revision import watch
from catalog.freshness.revision_cache import RevisionCache
from orders.models import Order
from orders.placing.cart import Checkout
from orders.placing.pricing import Promo, PromoUnknown, Quote
from orders.statuses import Status
from promotions.models import Promotion, PromotionUse, key_of
from promotions.redemptions import PromoAlreadyUsed, PromoUsedUp, redeem
from shop.errors import DomainError


class PromoExpired(DomainError):
    """The promotion has ended, or has not begun."""

    code = "promo_expired"


class PromoMinTotal(DomainError):
    """The sum of the products is below the minimum of the promotion."""

    code = "promo_min_total"


@dataclass(frozen=True)
class Offered:
    """Active promotions: those without a code, and whether there are codes."""

    automatic: tuple[Promotion, ...]
    has_codes: bool


def read_offered() -> Offered:
    """Read the active promotions without a code; the codes, of which there may be many, stay in the database."""
    active = Promotion.objects.active()
    return Offered(tuple(active.filter(code="")), active.exclude(code="").exists())


_current = RevisionCache(watch, read_offered).current


def has_codes() -> bool:
    """Return whether the shop has promo codes, so that the checkout asks for one."""
    return _current().has_codes


def discount(quote: Quote, checkout: Checkout) -> Quote:
    """Subtract one discount, the better of the code's and the best automatic one; add free delivery if there is any.

    :raises DomainError: if the code cannot be used.
    """
    subtotal, user = quote.subtotal, checkout.user
    today = timezone.localdate()
    by_code = _by_code(checkout.cart.promo_code, subtotal, user) if checkout.cart.promo_code else None
    running = [each for each in _current().automatic if each.runs_on(today) and each.min_total <= subtotal]
    usable = [each for each in running if not each.once or (user is not None and _refusal_of(each, user) is None)]
    found = [*([by_code] if by_code else []), *usable]
    # The code comes first: of two equal discounts it is the one that is used.
    best = max(found, key=lambda each: each.discount_of(subtotal), default=None)
    used = [best] if best and best.discount_of(subtotal) else []
    delivery = next((each for each in found if each.kind == Promotion.Kind.FREE_DELIVERY), None)
    for promotion in used:
        quote = quote.with_discount(promotion.name, promotion.discount_of(subtotal))
    if delivery is not None:
        quote = replace(quote, free_delivery=True)
        used.append(delivery)
    if by_code is not None:
        quote = replace(quote, promo=Promo(by_code.code, by_code.name, by_code in used))
    return _recorded(quote, used, user)


def _recorded(quote: Quote, used: list[Promotion], user: User | None) -> Quote:
    """Have the order keep the terms, and record the uses that are counted or can be had once."""
    # An order has one use: of the code, if it is used, else of the discount that everybody gets.
    promotion = next((each for each in used if each.code), used[0] if used else None)
    if promotion is None:
        return quote
    quote = quote.with_fields(promotion_id=promotion.pk, promo_code=promotion.code, promo_terms=promotion.terms)
    if user is None or not (promotion.code or promotion.once):
        return quote
    return quote.with_record(
        partial(redeem, promotion_id=promotion.pk, user_id=user.pk, once=promotion.once, counted=bool(promotion.code))
    )


def _by_code(code: str, subtotal: Decimal, user: User | None) -> Promotion:
    """Return the promotion of a code.

    :raises DomainError: if it cannot be used.
    """
    key = key_of(code)
    promotion: Promotion | None = Promotion.objects.filter(code_key=key, is_active=True).first() if key else None
    if promotion is None:
        raise PromoUnknown(_("There is no such promo code."))
    if not promotion.runs_on(timezone.localdate()):
        raise PromoExpired(_("This promo code is not valid today."))
    if subtotal < promotion.min_total:
        missing = promotion.min_total - subtotal
        raise PromoMinTotal(
            _("The promo code is valid from %(min_total)s; %(missing)s is missing.")
            % {"min_total": f"{promotion.min_total:.2f}", "missing": f"{missing:.2f}"},
            min_total=f"{promotion.min_total:.2f}",
            missing=f"{missing:.2f}",
        )
    if promotion.usage_limit is not None and promotion.used >= promotion.usage_limit:
        raise PromoUsedUp
    if user is not None and promotion.once and (refusal := _refusal_of(promotion, user)):
        raise refusal
    return promotion


def _refusal_of(promotion: Promotion, user: User) -> DomainError | None:
    """Return why a customer cannot use a promotion once more; the unique key of uses decides between two orders."""
    if PromotionUse.objects.filter(promotion=promotion, user=user, once=True).exists():
        return PromoAlreadyUsed()
    earlier = Order.objects.of(user).exclude(status=Status.CANCELLED)
    if promotion.first_order_only and earlier.exists():
        return PromoAlreadyUsed(_("This promo code is for the first order only."))
    return None
