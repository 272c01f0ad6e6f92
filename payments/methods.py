"""Payment methods of the shop: those offered, and the one of an order."""

from django.utils.translation import gettext as _

from catalog.freshness.revision import watch
from catalog.freshness.revision_cache import RevisionCache
from orders.placing.cart import Checkout
from orders.placing.pricing import Quote
from payments.models import PaymentMethod
from shop.errors import DomainError


class PaymentMethodRequired(DomainError):
    """The shop has payment methods, and the order names none."""

    code = "payment_method_required"


class PaymentMethodUnavailable(DomainError):
    """The payment method is not offered."""

    code = "payment_method_unavailable"


def read_methods() -> tuple[PaymentMethod, ...]:
    """Read the methods that are offered."""
    return tuple(PaymentMethod.objects.active())


current = RevisionCache(watch, read_methods).current


def choose(quote: Quote, checkout: Checkout) -> Quote:
    """Copy the chosen method onto the order (settings.ORDER_ADJUSTMENTS); it does not change the total.

    :raises DomainError: if the method is not offered, or if an order names none although the shop has some.
    """
    if not checkout.is_order:
        return quote
    methods, chosen = current(), checkout.cart.payment_method_id
    if chosen is None:
        if methods:
            raise PaymentMethodRequired(_("Choose how you want to pay."))
        return quote
    method = next((each for each in methods if each.pk == chosen), None)
    if method is None:
        raise PaymentMethodUnavailable(_("This payment method is not offered any more: choose another one."))
    return quote.with_fields(payment_method_id=method.pk, payment_name=method.name, payment_text=method.text)
