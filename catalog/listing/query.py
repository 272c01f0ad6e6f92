"""A product query: which products a request asks for, and in which order, as SQL conditions."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.models import VISIBLE_IDS, VISIBLE_IDS_WITHIN
from shop.api.pagination import NEWEST, Ordering

ORDERINGS = {
    "newest": NEWEST,
    "price": Ordering("price", (("price", Decimal), ("id", int))),
    "-price": Ordering("-price", (("price", Decimal), ("id", int)), descending=True),
    "name": Ordering("name", (("name_key", str), ("id", int))),
}
RELEVANCE = Ordering("relevance", NEWEST.key, descending=True)  # within each part of what a search finds

# A condition for each filter, in SQL; the parameters are the filter's own.
CONDITIONS = {
    "min_price": "price >= %(min_price)s",
    "max_price": "price <= %(max_price)s",
    "in_stock": "is_available = %(in_stock)s",
    "ids": "id = ANY (%(ids)s)",
}
# Not `category_id = ANY (…)`: PostgreSQL would expect ten categories, whatever there are, and so few products that it
# would rather sort all than walk along the index of the ordering. Of this it expects that a third of them pass.
IN_CATEGORIES = "array_position(ARRAY ({category_ids}), category_id) > 0"


@dataclass(frozen=True)
class ProductQuery:
    """The validated parameters of a request for products; None: not sent."""

    search: str = ""
    category_id: int | None = None
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    in_stock: bool | None = None
    ids: list[int] | None = None
    ordering: Ordering = NEWEST

    @property
    def filters(self) -> dict[str, Any]:
        """Return the filters that were sent, with their values, but for the category and the search."""
        return {name: value for name in CONDITIONS if (value := getattr(self, name)) is not None}

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything but the search narrows the list."""
        return bool(self.filters) or self.category_id is not None

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the parameters of the conditions."""
        return {**self.filters, "category_id": self.category_id}

    @property
    def conditions(self) -> str:
        """Return the conditions on a product, but for its category: it is switched on, and passes the filters."""
        return " AND ".join(["is_active", *(CONDITIONS[name] for name in self.filters)])

    @property
    def on_sale(self) -> str:
        """Return the conditions on a product, with that on its category."""
        return f"{self.conditions} AND {IN_CATEGORIES.format(category_ids=self.category_ids)}"

    @property
    def category_ids(self) -> str:
        """Return the SELECT of the visible categories whose products are asked for."""
        return VISIBLE_IDS if self.category_id is None else VISIBLE_IDS_WITHIN
