"""Cart and checkout: the input of pricing."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User


@dataclass(frozen=True)
class Cart:
    """Quantities by product id, contact, address, and the total that the customer was shown (if any)."""

    quantities: Mapping[int, int]
    contact_name: str = ""
    phone: str = ""
    address: str = ""
    comment: str = ""
    expected_total: Decimal | None = None

    def fingerprint(self) -> str:
        """Return the SHA-256 of all fields in hex, independent of the order of the products."""
        fields = vars(self) | {"quantities": sorted(self.quantities.items())}
        return hashlib.sha256(json.dumps(fields, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class Checkout:
    """Cart and its customer; None for a quote without sign-in."""

    cart: Cart
    user: User | None
