"""OpenAPI examples and error responses of the endpoints of orders."""

from drf_spectacular.utils import OpenApiExample

from accounts.views import DISABLED
from accounts.views import UNAUTHENTICATED as WHO_ARE_YOU
from orders.serializers import CartQuoteSerializer, OrderSerializer
from shop.api.schema import problem_answer

PLACE_ORDER = """
Prices, names and stock come from the catalog at this moment. With an `Idempotency-Key` a request can be repeated
safely: the same key and body answer the order that is there, with 200 and `Idempotent-Replayed: true`; another
body answers 422. Keys belong to the customer and stay valid as long as the order exists. A request that was
refused leaves nothing behind, and its key may be used again.
"""

QUOTE_CART = """
The same rules as for `POST /orders`, asked without an order: nothing is written or reserved. What is wrong is in
`problems`, with the members that the error of `POST /orders` would have; the items and the total are of what can be
had. The limits for a customer's unconfirmed orders are judged with the order alone.
"""

_SUMMARY = {
    "id": 31,
    "status": "new",
    "total": "1170.00",
    "currency": "RUB",
    "contact_name": "Анна",
    "phone": "+7 912 345-67-89",
    "address": "Вологда, Мира 1",
    "comment": "Позвоните, пожалуйста",
    "created_at": "2026-01-31T09:30:00.000000Z",
    "updated_at": "2026-01-31T09:30:00.000000Z",
    "items": [
        {
            "product_id": 7,
            "name": "Иван-чай ферментированный",
            "sku": "TEA-007",
            "price": "390.00",
            "quantity": 3,
            "total": "1170.00",
        }
    ],
    "adjustments": [],
}
_PLACED = {
    "kind": "placed",
    "from_status": "",
    "to_status": "new",
    "created_at": "2026-01-31T09:30:00.000000Z",
}
_CANCELLED = {
    "kind": "status_changed",
    "from_status": "new",
    "to_status": "cancelled",
    "created_at": "2026-01-31T09:31:00.000000Z",
}

ORDER_SUMMARY = OpenApiExample("An order", _SUMMARY, response_only=True)
ORDER = OpenApiExample("An order", {**_SUMMARY, "history": [_PLACED]}, response_only=True, status_codes=["200", "201"])
CANCELLED_ORDER = OpenApiExample(
    "The order",
    {**_SUMMARY, "status": "cancelled", "history": [_PLACED, _CANCELLED]},
    response_only=True,
    status_codes=["200"],
)
CART = OpenApiExample(
    "Three packs of tea",
    {
        "items": [{"product_id": 7, "quantity": 3}],
        "contact_name": "Анна",
        "phone": "+7 912 345-67-89",
        "address": "Вологда, Мира 1",
        "comment": "Позвоните, пожалуйста",
        "expected_total": "1170.00",
    },
    request_only=True,
)

QUOTED_CART = OpenApiExample("A cart", {"items": [{"product_id": 7, "quantity": 3}]}, request_only=True)
CART_QUOTE = OpenApiExample(
    "Too many",
    {
        "items": _SUMMARY["items"],
        "adjustments": [],
        "subtotal": "1170.00",
        "total": "1170.00",
        "currency": "RUB",
        "problems": [
            {
                "code": "out_of_stock",
                "detail": "There is not enough left of some products.",
                "items": [{"product_id": 7, "requested": 3, "available": 2}],
            }
        ],
    },
    response_only=True,
)

UNAUTHENTICATED = {401: WHO_ARE_YOU, 403: DISABLED}
BAD_PARAMETER = problem_answer("A parameter is wrong.", "invalid")
NOT_MINE = problem_answer("There is no such order of yours.", "not_found")
NOT_NEW = problem_answer("It is not new any more.", "invalid_transition")
PLACE_ORDER_ANSWERS = {
    201: OrderSerializer,
    200: OrderSerializer,
    400: problem_answer("The request is malformed.", "invalid", "malformed_json"),
    **UNAUTHENTICATED,
    409: problem_answer(
        "A rule of the shop says no; `items` or `total` say what could be had.",
        "out_of_stock",
        "product_unavailable",
        "price_changed",
        "order_too_large",
        "open_orders_limit",
        "idempotency_key_in_use",
    ),
    413: problem_answer("The body is too large.", "body_too_large"),
    415: problem_answer("The body is not JSON.", "unsupported_media_type"),
    422: problem_answer("The key was used for another order.", "idempotency_key_reused"),
    429: problem_answer("Too many requests; `Retry-After` says when to come back.", "throttled"),
}
QUOTE_CART_ANSWERS = {
    200: CartQuoteSerializer,
    **{status: PLACE_ORDER_ANSWERS[status] for status in (400, 401, 403, 413, 415, 429)},
}
