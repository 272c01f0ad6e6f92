"""Product query: the validated parameters of the product list, as SQL conditions."""

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

# SQL condition of each filter; its parameter has the filter's name.
CONDITIONS = {
    "min_price": "price >= %(min_price)s",
    "max_price": "price <= %(max_price)s",
    "in_stock": "is_available = %(in_stock)s",
    "ids": "id = ANY (%(ids)s)",
}
# Not `category_id = ANY (…)`: PostgreSQL would estimate ten categories, and so few products that it would sort them all
# instead of scanning the index of the ordering. For this form it estimates that a third of the products match.
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
        """Return the sent filters with their values, without the category and the search."""
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
        """Return the conditions on a product, except that on its category: it is active and passes the filters."""
        return " AND ".join(["is_active", *(CONDITIONS[name] for name in self.filters)])

    @property
    def on_sale(self) -> str:
        """Return all conditions on a product."""
        return f"{self.conditions} AND {IN_CATEGORIES.format(category_ids=self.category_ids)}"

    @property
    def category_ids(self) -> str:
        """Return the SELECT of the requested visible categories."""
        return VISIBLE_IDS if self.category_id is None else VISIBLE_IDS_WITHIN
