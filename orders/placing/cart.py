"""What a customer sends: a cart, and the checkout it belongs to."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User


@dataclass(frozen=True)
class Cart:
    """Pieces by product id, where to send them, and the total that the customer was shown (if any)."""

    quantities: Mapping[int, int]
    contact_name: str = ""
    phone: str = ""
    address: str = ""
    comment: str = ""
    expected_total: Decimal | None = None

    def fingerprint(self) -> str:
        """Return the SHA-256 of all fields in hex; the order of the products does not matter."""
        fields = vars(self) | {"quantities": sorted(self.quantities.items())}
        return hashlib.sha256(json.dumps(fields, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class Checkout:
    """A cart and its customer; None for a visitor who has not signed in and only asks for a quote."""

    cart: Cart
    user: User | None
