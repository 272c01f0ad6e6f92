"""Rate limit of unknown promo codes, against brute force."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from accounts.models import User
from orders.placing.cart import Cart
from orders.placing.pricing import PromoUnknown
from shop.api import throttles
from shop.errors import DomainError
from shop.http.client_address import client_address

GUESSES, SECONDS = 10, 60  # unknown codes of a customer, or of an address without sign-in, in a minute


@contextmanager
def guesses(request: Request, cart: Cart) -> Iterator[Callable[[Iterable[DomainError]], None]]:
    """Count the cart's promo code if it is unknown; yields the function that counts it among a quote's problems.

    :raises Throttled: after too many unknown codes, for a valid code, too: the answer must not tell them apart.
    """

    def count(problems: Iterable[DomainError]) -> None:
        if any(isinstance(problem, PromoUnknown) for problem in problems):
            throttles.windows.count(key, SECONDS)

    user = request.user
    key = f"promo:{user.pk}" if isinstance(user, User) else f"promo:{client_address(request)}"
    if cart.promo_code:
        number, left = throttles.windows.peek(key)
        if number >= GUESSES:
            raise Throttled(wait=left)
    try:
        yield count
    except PromoUnknown as problem:
        count([problem])
        raise
