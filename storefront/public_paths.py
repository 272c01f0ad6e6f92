"""Paths of the storefront that the response cache may keep."""

from shop.http.public_paths import PublicPath

# Parameters with which the page does not begin with the list of all products.
OTHER_PAGES = frozenset(
    {"product", "order", "view", "page", "category", "search", "sort", "startapp", "tgWebAppStartParam"}
)

PATHS = (
    PublicPath("/", OTHER_PAGES, by_language=True, by_presence=True),
    PublicPath("/api/v1/shop", by_language=True),
)
