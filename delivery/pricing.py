"""Delivery as an adjustment of the total (settings.ORDER_ADJUSTMENTS)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Variant
from delivery import rules
from delivery.current import current
from delivery.models import DeliveryMethod
from orders.placing.cart import Checkout
from orders.placing.pricing import Quote


def deliver(quote: Quote, checkout: Checkout) -> Quote:
    """Add the delivery that the customer has chosen, and its price.

    A shop without delivery methods takes orders without one.

    :raises DomainError: if the method is not offered, or if an order names none.
    """
    methods, choice = current(), checkout.cart.delivery
    if choice is None:
        if methods and checkout.is_order:
            raise rules.DeliveryRequired(_("Choose how the order is to be delivered."))
        return quote
    method = next((each for each in methods if each.pk == choice.method_id), None)
    if method is None:
        raise rules.DeliveryMethodUnavailable(_("This delivery method is not offered any more: choose another one."))
    point = rules.point_of(method, choice)
    goods = quote.subtotal - quote.discount
    weight_g = _weight_of(quote) if method.counts_weight else None
    price = rules.price_of(method, goods, weight_g, is_free=quote.free_delivery)
    refusals = rules.refusals(
        method,
        choice,
        address=checkout.cart.address,
        goods=goods,
        weight_g=weight_g,
        today=timezone.localdate(),
    )
    return (
        quote.with_delivery(method.name, price)
        .with_problems(refusals)
        .with_fields(
            delivery_kind=method.kind,
            delivery_method_id=method.pk,
            delivery_name=method.name,
            delivery_agreed=price is not None,
            pickup_point=str(point or ""),
            **_used_fields(method, choice.postcode, choice.town),
            deliver_on=choice.deliver_on if method.first_day is not None else None,
            slot=choice.slot if method.slots else "",
        )
    )


def _used_fields(method: DeliveryMethod, postcode: str, town: str) -> dict[str, str]:
    """Return what the order keeps of the address: a method without one keeps none of it."""
    if method.kind in (DeliveryMethod.Kind.PICKUP, DeliveryMethod.Kind.DIGITAL):
        return {"postcode": "", "town": ""}
    return {"postcode": postcode.strip(), "town": town.strip()}


def _weight_of(quote: Quote) -> int | None:
    """Return the weight of all items in grams; None if that of a variant is not known."""
    weights = dict(
        Variant.objects.filter(pk__in=[item.variant_id for item in quote.items]).values_list("pk", "weight_g")
    )
    total = 0
    for item in quote.items:
        weight = weights.get(item.variant_id)
        if weight is None:
            return None
        total += weight * item.quantity
    return total
