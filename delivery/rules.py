"""Rules of a delivery: its price, and what refuses it. Pure functions, without database or clock."""

import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from delivery.models import MAX_DAYS, DeliveryMethod, PickupPoint
from orders.placing.cart import DeliveryChoice
from shop.errors import DomainError


class DeliveryRequired(DomainError):
    """The shop has delivery methods, and the order names none."""

    code = "delivery_required"


class DeliveryMethodUnavailable(DomainError):
    """The method, or its pick-up point, is not offered."""

    code = "delivery_method_unavailable"


class DeliveryPlaceNotServed(DomainError):
    """The method does not deliver to that place."""

    code = "delivery_place_not_served"


class DeliveryFieldRequired(DomainError):
    """The method needs a field that is empty or wrong."""

    code = "delivery_field_required"


class DeliveryMinTotal(DomainError):
    """The sum of the products is below the minimum of the method."""

    code = "delivery_min_total"


class DeliveryTooHeavy(DomainError):
    """The products weigh more than the method takes."""

    code = "delivery_too_heavy"


def price_of(method: DeliveryMethod, goods: Decimal, weight_g: int | None, *, is_free: bool) -> Decimal | None:
    """Return the price of a delivery; None if the shop has to confirm it.

    :param goods: sum of the products after discounts.
    :param weight_g: of all products; None if it is not known, and then a method that counts it has no price.
    :param is_free: by a promotion. A price that is not known is not free: the shop confirms it.
    """
    if method.price is None or (method.per_kg is not None and weight_g is None):
        return None
    if is_free or (method.free_from is not None and goods >= method.free_from):
        return Decimal(0)
    if method.per_kg is None or weight_g is None:
        return method.price
    kilograms = -(-max(weight_g - method.included_g, 0) // 1000)  # each one begun
    return method.price + method.per_kg * kilograms


def refusals(
    method: DeliveryMethod,
    choice: DeliveryChoice,
    *,
    address: str,
    goods: Decimal,
    weight_g: int | None,
    today: datetime.date,
) -> list[DomainError]:
    """Return the reasons to refuse a choice, the most important first."""
    found: list[DomainError] = []
    if wrong := _wrong_fields(method, choice, address, today):
        found.append(DeliveryFieldRequired(_("The delivery method needs more details, or other ones."), fields=wrong))
    if not _serves(method, choice):
        found.append(DeliveryPlaceNotServed(_("“%(method)s” does not deliver there.") % {"method": method.name}))
    if goods < method.min_total:
        missing = method.min_total - goods
        found.append(
            DeliveryMinTotal(
                _("“%(method)s” is possible from %(min_total)s; %(missing)s is missing.")
                % {"method": method.name, "min_total": f"{method.min_total:.2f}", "missing": f"{missing:.2f}"},
                min_total=f"{method.min_total:.2f}",
                missing=f"{missing:.2f}",
            )
        )
    if method.max_weight_g is not None and weight_g is not None and weight_g > method.max_weight_g:
        found.append(
            DeliveryTooHeavy(
                _("“%(method)s” takes at most %(weight)s kg.")
                % {"method": method.name, "weight": f"{method.max_weight_g / 1000:g}"},
                max_weight_g=method.max_weight_g,
            )
        )
    return found


def point_of(method: DeliveryMethod, choice: DeliveryChoice) -> PickupPoint | None:
    """Return the chosen pick-up point; None if none is chosen.

    :raises DeliveryMethodUnavailable: if it is not one of this method's, or not offered.
    """
    if method.kind != DeliveryMethod.Kind.PICKUP or choice.pickup_point_id is None:
        return None
    for point in method.points:
        if point.pk == choice.pickup_point_id:
            return point
    raise DeliveryMethodUnavailable(_("This pick-up point is not offered any more: choose another one."))


def _wrong_fields(method: DeliveryMethod, choice: DeliveryChoice, address: str, today: datetime.date) -> list[str]:
    values = {**vars(choice), "address": address}
    wrong = [name for name in method.fields if not _has_text(values[name])]
    if choice.deliver_on is not None and method.first_day is not None and "deliver_on" not in wrong:
        first = today + datetime.timedelta(days=method.first_day)
        last = today + datetime.timedelta(days=MAX_DAYS)
        wrong += ["deliver_on"] * (not first <= choice.deliver_on <= last)
    if method.slots and "slot" not in wrong and choice.slot not in method.slots:
        wrong.append("slot")
    return wrong


def _has_text(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _serves(method: DeliveryMethod, choice: DeliveryChoice) -> bool:
    """Compare postcode and town with the places of the method; a place that is not filled in yet is no refusal."""
    town, postcode = _folded(choice.town), choice.postcode.strip()
    if not method.places or method.kind in (DeliveryMethod.Kind.PICKUP, DeliveryMethod.Kind.DIGITAL):
        return True
    if not town and not postcode:
        return True
    return any(
        postcode.startswith(place) if place.isdecimal() else bool(town) and town == _folded(place)
        for place in method.places
    )


def _folded(town: str) -> str:
    return " ".join(town.casefold().replace("ё", "е").split())
