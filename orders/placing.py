"""Placing an order: its rules and its rows, in one statement.

One round trip decides and writes. The rows that many customers want are locked for no longer than that, nothing
is read that could go stale before it is written, and what is refused leaves nothing to be undone.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from django.db import connection
from psycopg import sql

from catalog.models import Product
from orders.limits import OpenOrders, OpenOrdersLimit
from orders.models import Order, OrderEvent
from orders.statuses import Status

# A function, because it locks the customer's row first and reads the orders after that: with one snapshot for both,
# ten requests at once would each see none of the others.
OPEN_ORDERS = "SELECT orders, pieces, total FROM orders_open_of(%(user_id)s)"
NO_LIMIT = "SELECT 0 AS orders, 0 AS pieces, 0::numeric AS total"
MAX_TOTAL = Decimal("9999999999.99")  # what numeric(12, 2) holds

# `open` locks the customer's row before any goods. `shelf` locks the counted products, in the order of their keys
# whatever the cart's, so that two carts never wait for each other; PostgreSQL gives it the stock as it is once the lock
# is there. The unique key that `placed` runs into comes after all of these locks, in every order. `taken` writes what
# the locked read found, never `product.stock - n`: PostgreSQL judges the CHECK on the row of its old snapshot before it
# finds the newer version, so an order that waited for the cancel of the last piece would fail with
# `stock_not_negative`. PostgreSQL does not see the length of an array that a SELECT gives it: so it finds one plan good
# enough for all carts, and planning takes longer than doing.
PLACE = """
WITH open AS (
    {open_orders}
), wish AS (
    SELECT * FROM unnest((SELECT %(product_ids)s::bigint[]), (SELECT %(quantities)s::integer[]))
    AS wish (product_id, quantity)
), offer AS (
    SELECT product_id, quantity, on_sale.name, on_sale.sku, on_sale.price, on_sale.stock
    FROM wish JOIN ({on_sale}) AS on_sale ON on_sale.id = wish.product_id
), shelf AS (
    SELECT product.id AS product_id, product.stock
    FROM offer JOIN catalog_product product ON product.id = offer.product_id
    WHERE offer.stock IS NOT NULL AND (SELECT orders FROM open) IS NOT NULL
    ORDER BY product.id
    FOR NO KEY UPDATE OF product
), line AS (
    SELECT product_id, quantity, name, sku, price, shelf.stock
    FROM offer LEFT JOIN shelf USING (product_id)
), sums AS (
    SELECT
        coalesce(sum(price * quantity), 0) AS total,
        sum(quantity) AS pieces,
        count(*) < (SELECT count(*) FROM wish) AS missing,
        bool_or(stock < quantity) AS short
    FROM line
), verdict AS (
    SELECT sums.total, CASE
        WHEN missing THEN 'product_unavailable'
        WHEN sums.total <> %(expected_total)s::numeric THEN 'price_changed'
        WHEN sums.total > {max_total} THEN 'order_too_large'
        WHEN short THEN 'out_of_stock'
        WHEN open.orders + 1 > {limit_orders} OR open.pieces + sums.pieces > {limit_pieces}
            OR open.total + sums.total > {limit_total} THEN 'open_orders_limit'
    END AS refusal
    FROM sums, open
), placed AS (
    INSERT INTO orders_order (
        user_id, status, total, currency, contact_name, phone, address, comment,
        idempotency_key, request_hash, created_at, updated_at
    )
    SELECT
        %(user_id)s, {new}, total, %(currency)s, %(contact_name)s, %(phone)s, %(address)s, %(comment)s,
        %(idempotency_key)s, %(request_hash)s, %(now)s, %(now)s
    FROM verdict WHERE refusal IS NULL
    ON CONFLICT (user_id, idempotency_key) DO NOTHING
    RETURNING id
), item AS (
    INSERT INTO orders_orderitem (order_id, product_id, name, sku, price, quantity, stock_taken)
    SELECT placed.id, product_id, name, sku, price, quantity, stock IS NOT NULL
    FROM placed, line ORDER BY product_id
), taken AS (
    UPDATE catalog_product product SET stock = line.stock - line.quantity
    FROM placed, line WHERE product.id = line.product_id AND line.stock IS NOT NULL
), event AS (
    INSERT INTO orders_orderevent (order_id, kind, from_status, to_status, actor_id, note, created_at)
    SELECT id, {placed}, '', {new}, %(user_id)s, '', %(now)s FROM placed
    RETURNING id
)
SELECT
    verdict.total, verdict.refusal, placed.id, event.id, open.orders, open.pieces, open.total,
    line.product_id, line.quantity, line.name, line.sku, line.price, line.stock
FROM verdict CROSS JOIN open LEFT JOIN placed ON true LEFT JOIN event ON true LEFT JOIN line ON true
ORDER BY line.product_id
"""


class Line(NamedTuple):
    """A line of the cart as the catalogue has it; `stock` is what is there, None if the product is not counted."""

    product_id: int
    quantity: int
    name: str
    sku: str
    price: Decimal
    stock: int | None


class Outcome(NamedTuple):
    """What came of it: the code of a refusal, or the keys of the rows, or neither if the idempotency key was used."""

    lines: list[Line]  # what is on sale of the cart
    total: Decimal
    refusal: str | None
    order_id: int | None
    event_id: int | None
    open: OpenOrders  # of this customer, before this order; all 0 where there is no limit


def write_order(
    order: Order,
    *,
    quantities: Mapping[int, int],
    expected_total: Decimal | None,
    limit: OpenOrdersLimit,
) -> Outcome:
    """Place an order if the rules allow it: write its row, its lines, and its first event, and take the goods off
    the shelf.

    :param order: all but the key and the total, which are found here; it will be new.
    :param quantities: pieces by product id.
    :param expected_total: what the customer was shown, if it must be that.
    :param limit: what the customer may hold in unconfirmed orders, this one included.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(limit),
            {
                "product_ids": _array(quantities.keys()),
                "quantities": _array(quantities.values()),
                "expected_total": expected_total,
                "user_id": order.user_id,
                "currency": order.currency,
                "contact_name": order.contact_name,
                "phone": order.phone,
                "address": order.address,
                "comment": order.comment,
                "idempotency_key": order.idempotency_key,
                "request_hash": order.request_hash,
                "now": order.created_at,
            },
        )
        rows = cursor.fetchall()
    total, refusal, order_id, event_id, *held = rows[0][:7]
    nothing_on_sale = rows[0][7] is None
    lines = [] if nothing_on_sale else [Line(*row[7:]) for row in rows]
    return Outcome(lines, total, refusal, order_id, event_id, OpenOrders(*held))


def _array(numbers: Iterable[int]) -> str:
    # psycopg finds out for each list what is in it, which takes longer than all other parameters of an order.
    return f"{{{','.join(map(str, numbers))}}}"


@cache
def _statement(limit: OpenOrdersLimit) -> str:
    """Return the statement with its constants: what "on sale" means, the statuses and the limits."""
    on_sale, no_parameters = Product.objects.on_sale().order_by().query.sql_with_params()
    return PLACE.format(
        on_sale=on_sale % no_parameters,
        max_total=_literal(MAX_TOTAL),
        open_orders=OPEN_ORDERS if any(limit) else NO_LIMIT,
        limit_orders=_literal(limit.orders),
        limit_pieces=_literal(limit.pieces),
        limit_total=_literal(limit.total),
        new=_literal(Status.NEW.value),
        placed=_literal(OrderEvent.Kind.PLACED.value),
    )


def _literal(value: str | int | Decimal | None) -> str:
    return sql.Literal(value).as_string().replace("%", "%%")  # the statement has parameters
