"""SQL statement that writes an order if its quote is still true.

One round trip checks and writes, so popular variants are locked for one statement only. If price, stock or "on sale"
differ from the quote, nothing is written and the current rows are returned.
"""

import json
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from psycopg import sql

from catalog.models import StockMovement
from orders.models import Order, OrderEvent
from orders.placing.limits import OpenOrders, OpenOrdersLimit
from orders.placing.offers import array, on_sale
from orders.placing.pricing import Offer, Quote
from orders.statuses import Status

# A function, because it locks the customer's row first and reads the orders in a newer snapshot: with one snapshot for
# both, ten concurrent requests would not see each other's orders.
OPEN_ORDERS = "SELECT orders, pieces, total FROM orders_open_of(%(user_id)s)"
NO_LIMIT = "SELECT 0 AS orders, 0 AS pieces, 0::numeric AS total"

# Lock order: `open` locks the customer's row, then `locked` the counted variants by primary key, so that two carts
# never deadlock; `placed` waits for the unique idempotency key last. `locked` returns the newest version of each row,
# and no row for a variant that was deleted meanwhile. `taken` computes from the locked read, never `variant.stock - n`:
# PostgreSQL evaluates the CHECK on the row of its old snapshot before it finds the newer version, so an order that
# waited for the cancel of the last piece would fail with `stock_not_negative`. Arrays come from a SELECT, which hides
# their length from the planner: it keeps one generic plan for all carts, and planning takes longer than executing. The
# LIMIT makes it expect one row instead of ten, and so read a few variants along the index, not all of them.
PLACE = """
WITH open AS (
    {open_orders}
), quoted AS (
    SELECT * FROM unnest(
        (SELECT %(variant_ids)s::bigint[]), (SELECT %(quantities)s::integer[]), (SELECT %(prices)s::numeric[]),
        (SELECT %(discounts)s::numeric[])
    ) AS quoted (variant_id, quantity, price, discount) LIMIT %(items)s
), offer AS (
    SELECT quoted.variant_id, product.id AS product_id, quantity, quoted.price AS quoted, discount, product.name,
        variant.option_values AS options, variant.sku, variant.price, variant.stock
    FROM quoted JOIN catalog_variant variant ON variant.id = quoted.variant_id
        JOIN ({on_sale}) AS product ON product.id = variant.product_id
    WHERE variant.is_active
), locked AS (
    SELECT variant.id AS variant_id, variant.price, variant.stock, variant.is_active
    FROM offer JOIN catalog_variant variant ON variant.id = offer.variant_id
    WHERE offer.stock IS NOT NULL AND (SELECT orders FROM open) IS NOT NULL
    ORDER BY variant.id
    FOR NO KEY UPDATE OF variant
), item AS (
    SELECT variant_id, product_id, quantity, quoted, discount, name, options, sku,
        coalesce(locked.price, offer.price) AS price, locked.stock
    FROM offer LEFT JOIN locked USING (variant_id)
    WHERE offer.stock IS NULL OR locked.is_active
), verdict AS (
    SELECT
        count(item.variant_id) = (SELECT count(*) FROM quoted)
            AND bool_and(price = quoted AND (stock IS NULL OR stock >= quantity)) AS still_true,
        NOT coalesce(
            open.orders + 1 > {limit_orders} OR open.pieces + sum(quantity) > {limit_pieces}
            OR open.total + %(total)s::numeric > {limit_total}, false
        ) AS within_limit
    FROM open LEFT JOIN item ON true
    GROUP BY open.orders, open.pieces, open.total
), placed AS (
    INSERT INTO orders_order (
        user_id, status, currency, contact_name, phone, address, comment, consent,
        idempotency_key, request_hash, created_at, updated_at, {columns}
    )
    SELECT
        %(user_id)s, {new}, %(currency)s, %(contact_name)s, %(phone)s, %(address)s, %(comment)s,
        %(consent)s::jsonb, %(idempotency_key)s, %(request_hash)s, %(now)s, %(now)s, {values}
    FROM verdict WHERE still_true AND within_limit
    ON CONFLICT (user_id, idempotency_key) DO NOTHING
    RETURNING id, number
), written AS (
    INSERT INTO orders_orderitem (
        order_id, variant_id, product_id, name, options, sku, price, quantity, discount, stock_taken
    )
    SELECT placed.id, variant_id, product_id, name, options, sku, price, quantity, discount, stock IS NOT NULL
    FROM placed, item ORDER BY variant_id
), {adjusted} taken AS (
    UPDATE catalog_variant variant SET stock = item.stock - item.quantity
    FROM placed, item WHERE variant.id = item.variant_id AND item.stock IS NOT NULL
), moved AS (
    INSERT INTO catalog_stockmovement (variant_id, delta, balance, reason, order_id, actor_id, note, at)
    SELECT variant_id, -quantity, item.stock - quantity, {sold}, placed.id, %(user_id)s, '', %(now)s
    FROM placed, item WHERE item.stock IS NOT NULL ORDER BY variant_id
), event AS (
    INSERT INTO orders_orderevent (order_id, kind, from_status, to_status, actor_id, note, created_at)
    SELECT id, {placed}, '', {new}, %(user_id)s, '', %(now)s FROM placed
    RETURNING id
)
SELECT
    verdict.still_true, verdict.within_limit, placed.id, placed.number, event.id, open.orders, open.pieces, open.total,
    item.variant_id, item.product_id, item.name, item.options, item.sku, item.price, item.stock
FROM verdict CROSS JOIN open LEFT JOIN placed ON true LEFT JOIN event ON true LEFT JOIN item ON true
ORDER BY item.variant_id
"""
ADJUSTED = """adjusted AS (
    INSERT INTO orders_orderadjustment (order_id, kind, label, amount)
    SELECT placed.id, kind, label, amount
    FROM placed, unnest(%(kinds)s::text[], %(labels)s::text[], %(amounts)s::numeric[])
        WITH ORDINALITY AS adjustment (kind, label, amount, number)
    ORDER BY adjustment.number
),"""


class Outcome(NamedTuple):
    """Result of the statement; `order_id` is None although the quote is true if the idempotency key was used before."""

    still_true: bool
    within_limit: bool
    order_id: int | None
    number: int | None  # of the order
    event_id: int | None
    open: OpenOrders  # of this customer, before this order; all 0 where there is no limit
    offers: dict[int, Offer]  # current ones


def write_order(order: Order, quote: Quote, limit: OpenOrdersLimit) -> Outcome:
    """Write an order, its items, adjustments and first event, and take its stock, if the quote is still true.

    :param order: complete but for its primary key and total.
    :param quote: of all items of the cart.
    :param limit: for the customer's unconfirmed orders, this one included.
    """
    items, adjustments = quote.items, quote.adjustments
    parameters: dict[str, Any] = {
        "items": len(items),
        "variant_ids": array(item.variant_id for item in items),
        "quantities": array(item.quantity for item in items),
        "prices": array(item.price for item in items),
        "discounts": array(item.discount for item in items),
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
    columns = order_columns(quote)
    parameters |= {name: json.dumps(value) if isinstance(value, dict) else value for name, value in columns.items()}
    if adjustments:
        kinds, labels, amounts = (list(column) for column in zip(*adjustments, strict=True))
        parameters |= {"kinds": kinds, "labels": labels, "amounts": amounts}
    with connection.cursor() as cursor:
        cursor.execute(_statement(limit, (*columns,), adjusted=bool(adjustments)), parameters)
        rows = cursor.fetchall()
    still_true, within_limit, order_id, number, event_id, *held = rows[0][:8]
    offers = {row[8]: Offer(*row[8:]) for row in rows if row[8] is not None}
    return Outcome(bool(still_true), within_limit, order_id, number, event_id, OpenOrders(*held), offers)


def order_columns(quote: Quote) -> dict[str, Any]:
    """Return the columns of the order that come from its quote."""
    return {
        "subtotal": quote.subtotal,
        "discount": quote.discount,
        "surcharge": quote.surcharge,
        "delivery_price": quote.delivery_price,
        "total": quote.total,
        **quote.order_fields,
    }


@cache
def _statement(limit: OpenOrdersLimit, columns: tuple[str, ...], *, adjusted: bool) -> str:
    """Return the SQL with its constants: the "on sale" condition, the columns, the statuses and the limits."""
    statement = PLACE.format(
        on_sale=on_sale(),
        open_orders=OPEN_ORDERS if any(limit) else NO_LIMIT,
        adjusted=ADJUSTED if adjusted else "",
        columns=", ".join(columns),
        values=", ".join(f"%({name})s::{_types()[name]}" for name in columns),
        limit_orders=_literal(limit.orders),
        limit_pieces=_literal(limit.pieces),
        limit_total=_literal(limit.total),
        new=_literal(Status.NEW.value),
        placed=_literal(OrderEvent.Kind.PLACED.value),
        sold=_literal(StockMovement.Reason.SOLD.value),
    )
    # Without indentation: psycopg parses a statement of more than 4,096 characters each time, for 0.3 ms.
    return " ".join(statement.split())


@cache
def _types() -> dict[str, str]:
    """Return the SQL types of the order's columns."""
    return {field.attname: field.db_type(connection) or "" for field in Order._meta.concrete_fields}


def _literal(value: str | int | Decimal | None) -> str:
    return sql.Literal(value).as_string().replace("%", "%%")  # the statement has parameters
