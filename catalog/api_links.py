"""OpenAPI links of the catalog: the calls that follow from what an operation answers."""

from typing import Any

from shop.api.schema import link

Json = dict[str, Any]


def _cart(product_id: str) -> Json:
    return {"items": [{"product_id": product_id, "quantity": 1}]}


def _of(**links: Json) -> Json:
    return {"x-links": {"200": links}}


OF_CATEGORIES = _of(
    ListProducts=link("products_list", category_id="$response.body#/0/id"),
    CountProducts=link("products_facets_retrieve", category_id="$response.body#/0/id"),
)
OF_PRODUCTS = _of(
    GetProduct=link("products_retrieve", id="$response.body#/results/0/id"),
    PriceProduct=link("cart_quote_create", _cart("$response.body#/results/0/id")),
    OrderProduct=link("orders_create", _cart("$response.body#/results/0/id")),
)
OF_PRODUCT = _of(
    ListCategory=link("products_list", category_id="$response.body#/category_id"),
    PriceProduct=link("cart_quote_create", _cart("$response.body#/id")),
    OrderProduct=link("orders_create", _cart("$response.body#/id")),
)
OF_FACETS = _of(ListCategory=link("products_list", category_id="$response.body#/categories/0/id"))
OF_SUGGESTIONS = _of(ListFound=link("products_list", search="$response.body#/results/0"))
