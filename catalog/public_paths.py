"""Paths of the catalog that the response cache may keep."""

from shop.api.pagination import PAGE_PARAMETERS
from shop.http.public_paths import PublicPath

FILTERS = frozenset({"search", "category_id", "min_price", "max_price", "in_stock", "ids", "ordering"})
LISTED = FILTERS.union(PAGE_PARAMETERS)
SUGGESTED = frozenset({"q"})

PATHS = (
    PublicPath("/api/v1/categories"),
    PublicPath("/api/v1/products", LISTED, has_items=True),
    PublicPath("/api/v1/products/facets", FILTERS),
    PublicPath("/api/v1/products/suggest", SUGGESTED),
)
