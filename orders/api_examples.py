"""OpenAPI examples and error responses of the endpoints of orders."""

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from accounts.views import DISABLED
from accounts.views import UNAUTHENTICATED as INIT_DATA_REFUSED
from orders.problems import (
    ConsentOutdatedProblemSerializer,
    DeliveryFieldRequiredProblemSerializer,
    DeliveryMinTotalProblemSerializer,
    DeliveryPriceChangedProblemSerializer,
    DeliveryPriceSettledProblemSerializer,
    DeliveryTooHeavyProblemSerializer,
    InvalidTransitionProblemSerializer,
    MinTotalProblemSerializer,
    OpenOrdersLimitProblemSerializer,
    OutOfStockProblemSerializer,
    PriceChangedProblemSerializer,
    ProductUnavailableProblemSerializer,
    PromoMinTotalProblemSerializer,
    VariantRequiredProblemSerializer,
)
from orders.serializers import CartQuoteSerializer, OrderSerializer
from shop.api.schema import link, problem_answer

# A key, bare or quoted.
KEY = '^(?:"[!-~]{1,255}"|(?!".*"$)[!-~]{1,255})$'

PLACE_ORDER = """
Names, prices and stock are those of the catalog at the time of the request. With an `Idempotency-Key` the request can
be retried safely: the same key and body return the existing order, with 200 and `Idempotent-Replayed: true`; the same
key with another body is refused with 422. Keys belong to the customer and do not expire. A refused request has no
effect, and its key may be used again.
"""

QUOTE_CART = """
Prices a cart by the rules of `POST /orders`; nothing is written or reserved. `problems` has the reasons for which
`POST /orders` would refuse the cart, with the members of those errors. `items` and `total` leave out products that are
not on sale; an item without enough stock is priced with the requested quantity. The limits of a customer's unconfirmed
orders, and consent to the shop's pages, are checked only when an order is placed.
"""

_SUMMARY = {
    "id": 31,
    "number": 1031,
    "status": "new",
    "subtotal": "1170.00",
    "discount": "117.00",
    "delivery_price": "300.00",
    "total": "1353.00",
    "currency": "RUB",
    "contact_name": "Анна",
    "phone": "+7 912 345-67-89",
    "address": "Мира 1",
    "comment": "Позвоните, пожалуйста",
    "promo_code": "SPRING",
    "delivery_kind": "courier",
    "delivery_method_id": 1,
    "delivery_name": "Курьером по Вологде",
    "pickup_point": "",
    "postcode": "",
    "town": "Вологда",
    "deliver_on": "2026-02-02",
    "slot": "10:00–14:00",
    "delivery_agreed": True,
    "payment_method_id": 1,
    "payment_name": "Наличными курьеру",
    "payment_text": "",
    "created_at": "2026-01-31T09:30:00.000000Z",
    "updated_at": "2026-01-31T09:30:00.000000Z",
    "items": [
        {
            "variant_id": 7,
            "product_id": 7,
            "name": "Иван-чай ферментированный",
            "options": [],
            "sku": "TEA-007",
            "price": "390.00",
            "quantity": 3,
            "discount": "117.00",
            "total": "1170.00",
        }
    ],
    "adjustments": [
        {"kind": "discount", "label": "Весенняя скидка", "amount": "-117.00"},
        {"kind": "delivery", "label": "Курьером по Вологде", "amount": "300.00"},
    ],
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
REPEATED = OpenApiExample(
    "One of two items",
    {
        "items": _SUMMARY["items"],
        "missing": [{"name": "Варенье из морошки", "options": ["250 г"], "quantity": 1, "reason": "out_of_stock"}],
    },
    response_only=True,
)
CART = OpenApiExample(
    "Three packs of tea",
    {
        "items": [{"variant_id": 7, "quantity": 3}],
        "contact_name": "Анна",
        "phone": "+7 912 345-67-89",
        "comment": "Позвоните, пожалуйста",
        "promo_code": "spring",
        "delivery": {
            "method_id": 1,
            "town": "Вологда",
            "address": "Мира 1",
            "deliver_on": "2026-02-02",
            "slot": "10:00–14:00",
        },
        "payment_method_id": 1,
        "expected_total": "1353.00",
        "consent": {"privacy": "9f2c1a7b40de"},
    },
    request_only=True,
)

AGREED_PRICE = OpenApiExample("The price shown", {"delivery_price": "300.00"}, request_only=True)

QUOTED_CART = OpenApiExample(
    "A cart",
    {"items": [{"variant_id": 7, "quantity": 3}], "promo_code": "spring", "delivery": {"method_id": 1}},
    request_only=True,
)
CART_QUOTE = OpenApiExample(
    "Not enough stock",
    {
        "items": _SUMMARY["items"],
        "adjustments": _SUMMARY["adjustments"],
        "subtotal": "1170.00",
        "discount": "117.00",
        "delivery_price": "300.00",
        "promo": {"code": "SPRING", "name": "Весенняя скидка", "is_used": True},
        "total": "1353.00",
        "currency": "RUB",
        "problems": [
            {
                "code": "out_of_stock",
                "detail": "Некоторых товаров осталось меньше, чем заказано.",
                "items": [{"product_id": 7, "variant_id": 7, "requested": 3, "available": 2}],
            }
        ],
    },
    response_only=True,
)

LINKS_TO_ORDER = {
    "GetOrder": link("orders_retrieve", id="$response.body#/id"),
    "CancelOrder": link("orders_cancel_create", id="$response.body#/id"),
}
LINKS_OF_PLACED = {"x-links": {"200": LINKS_TO_ORDER, "201": LINKS_TO_ORDER}}
LINKS_OF_ORDER = {"x-links": {"200": LINKS_TO_ORDER}}
LINKS_OF_LIST = {
    "x-links": {
        "200": {
            "GetNewestOrder": link("orders_retrieve", id="$response.body#/results/0/id"),
            "CancelNewestOrder": link("orders_cancel_create", id="$response.body#/results/0/id"),
        }
    }
}

UNAUTHENTICATED = {401: INIT_DATA_REFUSED, 403: DISABLED}
BAD_PARAMETER = problem_answer("A parameter is wrong.", "invalid")
NOT_MINE = problem_answer("The order does not exist, or belongs to another customer.", "not_found")
BAD_BODY = problem_answer("A value is wrong, or the body is not a JSON object.", "invalid", "malformed_json")
NOT_AGREED = problem_answer(
    "The price cannot be agreed to: it is another one, or the order waits for none.",
    DeliveryPriceChangedProblemSerializer,
    DeliveryPriceSettledProblemSerializer,
)
NOT_NEW = problem_answer(
    "The order is not `new` any more; `status_now` is its status.", InvalidTransitionProblemSerializer
)
PLACE_ORDER_ANSWERS = {
    201: OpenApiResponse(OrderSerializer, description="The order was placed."),
    200: OpenApiResponse(OrderSerializer, description="The order that an earlier request with this key has placed."),
    400: BAD_BODY,
    **UNAUTHENTICATED,
    409: problem_answer(
        "A business rule refuses the order; further members depend on the code, such as `items` or `total`.",
        OutOfStockProblemSerializer,
        ProductUnavailableProblemSerializer,
        VariantRequiredProblemSerializer,
        PriceChangedProblemSerializer,
        "order_too_large",
        OpenOrdersLimitProblemSerializer,
        "orders_closed",
        MinTotalProblemSerializer,
        ConsentOutdatedProblemSerializer,
        "promo_unknown",
        "promo_expired",
        PromoMinTotalProblemSerializer,
        "promo_used_up",
        "promo_already_used",
        "delivery_required",
        "delivery_method_unavailable",
        "delivery_place_not_served",
        DeliveryFieldRequiredProblemSerializer,
        DeliveryMinTotalProblemSerializer,
        DeliveryTooHeavyProblemSerializer,
        "payment_method_required",
        "payment_method_unavailable",
        "idempotency_key_in_use",
    ),
    422: problem_answer("The key was used for a different order.", "idempotency_key_reused"),
}
QUOTE_CART_ANSWERS = {
    200: CartQuoteSerializer,
    **{status: PLACE_ORDER_ANSWERS[status] for status in (400, 401, 403)},
}
