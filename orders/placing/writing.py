"""SQL statement that writes an order if its quote is still true.

One round trip checks and writes, so popular products are locked for one statement only. If price, stock or "on sale"
differ from the quote, nothing is written and the current rows are returned.
"""

import json
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from psycopg import sql

from orders.models import Order, OrderEvent
from orders.placing.limits import OpenOrders, OpenOrdersLimit
from orders.placing.offers import array, on_sale
from orders.placing.pricing import Offer, Quote
from orders.statuses import Status

# A function, because it locks the customer's row first and reads the orders in a newer snapshot: with one snapshot for
# both, ten concurrent requests would not see each other's orders.
OPEN_ORDERS = "SELECT orders, pieces, total FROM orders_open_of(%(user_id)s)"
NO_LIMIT = "SELECT 0 AS orders, 0 AS pieces, 0::numeric AS total"

# Lock order: `open` locks the customer's row, then `locked` the counted products by primary key, so that two carts
# never deadlock; `placed` waits for the unique idempotency key last. `locked` returns the newest version of each row,
# and no row for a product that was deleted meanwhile. `taken` computes from the locked read, never `product.stock - n`:
# PostgreSQL evaluates the CHECK on the row of its old snapshot before it finds the newer version, so an order that
# waited for the cancel of the last piece would fail with `stock_not_negative`. Arrays come from a SELECT, which hides
# their length from the planner: it keeps one generic plan for all carts, and planning takes longer than executing.
PLACE = """
WITH open AS (
    {open_orders}
), quoted AS (
    SELECT * FROM unnest(
        (SELECT %(product_ids)s::bigint[]), (SELECT %(quantities)s::integer[]), (SELECT %(prices)s::numeric[])
    ) AS quoted (product_id, quantity, price)
), offer AS (
    SELECT product_id, quantity, quoted.price AS quoted, on_sale.name, on_sale.sku, on_sale.price, on_sale.stock
    FROM quoted JOIN ({on_sale}) AS on_sale ON on_sale.id = quoted.product_id
), locked AS (
    SELECT product.id AS product_id, product.price, product.stock, product.is_active
    FROM offer JOIN catalog_product product ON product.id = offer.product_id
    WHERE offer.stock IS NOT NULL AND (SELECT orders FROM open) IS NOT NULL
    ORDER BY product.id
    FOR NO KEY UPDATE OF product
), item AS (
    SELECT product_id, quantity, quoted, name, sku, coalesce(locked.price, offer.price) AS price, locked.stock
    FROM offer LEFT JOIN locked USING (product_id)
    WHERE offer.stock IS NULL OR locked.is_active
), verdict AS (
    SELECT
        count(item.product_id) = (SELECT count(*) FROM quoted)
            AND bool_and(price = quoted AND (stock IS NULL OR stock >= quantity)) AS still_true,
        NOT coalesce(
            open.orders + 1 > {limit_orders} OR open.pieces + sum(quantity) > {limit_pieces}
            OR open.total + %(total)s::numeric > {limit_total}, false
        ) AS within_limit
    FROM open LEFT JOIN item ON true
    GROUP BY open.orders, open.pieces, open.total
), placed AS (
    INSERT INTO orders_order (
        user_id, status, total, currency, contact_name, phone, address, comment, consent,
        idempotency_key, request_hash, created_at, updated_at
    )
    SELECT
        %(user_id)s, {new}, %(total)s::numeric, %(currency)s, %(contact_name)s, %(phone)s, %(address)s, %(comment)s,
        %(consent)s::jsonb, %(idempotency_key)s, %(request_hash)s, %(now)s, %(now)s
    FROM verdict WHERE still_true AND within_limit
    ON CONFLICT (user_id, idempotency_key) DO NOTHING
    RETURNING id
), written AS (
    INSERT INTO orders_orderitem (order_id, product_id, name, sku, price, quantity, stock_taken)
    SELECT placed.id, product_id, name, sku, price, quantity, stock IS NOT NULL
    FROM placed, item ORDER BY product_id
), {adjusted} taken AS (
    UPDATE catalog_product product SET stock = item.stock - item.quantity
    FROM placed, item WHERE product.id = item.product_id AND item.stock IS NOT NULL
), event AS (
    INSERT INTO orders_orderevent (order_id, kind, from_status, to_status, actor_id, note, created_at)
    SELECT id, {placed}, '', {new}, %(user_id)s, '', %(now)s FROM placed
    RETURNING id
)
SELECT
    verdict.still_true, verdict.within_limit, placed.id, event.id, open.orders, open.pieces, open.total,
    item.product_id, item.name, item.sku, item.price, item.stock
FROM verdict CROSS JOIN open LEFT JOIN placed ON true LEFT JOIN event ON true LEFT JOIN item ON true
ORDER BY item.product_id
"""
ADJUSTED = """adjusted AS (
    INSERT INTO orders_orderadjustment (order_id, kind, label, amount)
    SELECT placed.id, kind, label, amount
    FROM placed, unnest(%(kinds)s::text[], %(labels)s::text[], %(amounts)s::numeric[])
        WITH ORDINALITY AS adjustment (kind, label, amount, number)
    ORDER BY number
),"""


class Outcome(NamedTuple):
    """Result of the statement; `order_id` is None although the quote is true if the idempotency key was used before."""

    still_true: bool
    within_limit: bool
    order_id: int | None
    event_id: int | None
    open: OpenOrders  # of this customer, before this order; all 0 where there is no limit
    offers: dict[int, Offer]  # current ones


def write_order(order: Order, quote: Quote, limit: OpenOrdersLimit) -> Outcome:
    """Write an order, its items, adjustments and first event, and take its stock, if the quote is still true.

    :param order: complete but for its primary key and total.
    :param quote: of all products of the cart.
    :param limit: for the customer's unconfirmed orders, this one included.
    """
    items, adjustments = quote.items, quote.adjustments
    parameters: dict[str, Any] = {
        "product_ids": array(item.product_id for item in items),
        "quantities": array(item.quantity for item in items),
        "prices": array(item.price for item in items),
        "total": quote.total,
        "user_id": order.user_id,
        "currency": order.currency,
        "contact_name": order.contact_name,
        "phone": order.phone,
        "address": order.address,
        "comment": order.comment,
        "consent": json.dumps(order.consent),
        "idempotency_key": order.idempotency_key,
        "request_hash": order.request_hash,
        "now": order.created_at,
    }
    if adjustments:
        kinds, labels, amounts = (list(column) for column in zip(*adjustments, strict=True))
        parameters |= {"kinds": kinds, "labels": labels, "amounts": amounts}
    with connection.cursor() as cursor:
        cursor.execute(_statement(limit, adjusted=bool(adjustments)), parameters)
        rows = cursor.fetchall()
    still_true, within_limit, order_id, event_id, *held = rows[0][:7]
    offers = {row[7]: Offer(*row[7:]) for row in rows if row[7] is not None}
    return Outcome(bool(still_true), within_limit, order_id, event_id, OpenOrders(*held), offers)


@cache
def _statement(limit: OpenOrdersLimit, *, adjusted: bool) -> str:
    """Return the SQL with its constants: the "on sale" condition, the statuses and the limits."""
    return PLACE.format(
        on_sale=on_sale(),
        open_orders=OPEN_ORDERS if any(limit) else NO_LIMIT,
        adjusted=ADJUSTED if adjusted else "",
        limit_orders=_literal(limit.orders),
        limit_pieces=_literal(limit.pieces),
        limit_total=_literal(limit.total),
        new=_literal(Status.NEW.value),
        placed=_literal(OrderEvent.Kind.PLACED.value),
    )


def _literal(value: str | int | Decimal | None) -> str:
    return sql.Literal(value).as_string().replace("%", "%%")  # the statement has parameters
