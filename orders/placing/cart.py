"""Cart and checkout: the input of pricing."""

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from accounts.models import User

# Versions that a customer agrees to, by slug of the page, in the order of the slugs.
Consent = tuple[tuple[str, str], ...]
# Of the first version of the fingerprint; it must not change.
FIRST_FIELDS = frozenset({"quantities", "contact_name", "phone", "address", "comment", "expected_total"})


@dataclass(frozen=True)
class DeliveryChoice:
    """How and where the customer wants the order delivered; its address is the cart's."""

    method_id: int
    pickup_point_id: int | None = None
    postcode: str = ""
    town: str = ""
    deliver_on: datetime.date | None = None
    slot: str = ""


@dataclass(frozen=True)
class Cart:
    """Quantities, contact, address, the total that the customer was shown (if any), consent, and choices."""

    quantities: Mapping[int, int]  # by product id, of products that have one variant
    contact_name: str = ""
    phone: str = ""
    address: str = ""
    comment: str = ""
    expected_total: Decimal | None = None
    consent: Consent = ()
    variants: Mapping[int, int] = field(default_factory=dict)  # quantities by variant id
    promo_code: str = ""
    delivery: DeliveryChoice | None = None
    payment_method_id: int | None = None

    def fingerprint(self) -> str:
        """Return the SHA-256 of the fields in hex, independent of the order of the items.

        A field that is added later counts only if it is not its default: a request that is repeated after an update of
        the shop must find the order that it placed before.
        """
        values = vars(self) | {"variants": sorted(self.variants.items())}
        fields = {
            each.name: values[each.name]
            for each in dataclasses.fields(self)
            if each.name in FIRST_FIELDS or values[each.name] not in (each.default, [])
        } | {"quantities": sorted(self.quantities.items())}
        return hashlib.sha256(json.dumps(fields, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class Checkout:
    """Cart and its customer; None for a quote without sign-in."""

    cart: Cart
    user: User | None
    is_order: bool = False  # to be placed, not only quoted: what is missing is a reason to refuse it
