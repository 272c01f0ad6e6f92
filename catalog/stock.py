"""Changes of stock, each with its movement in the ledger. Orders take stock in the statement that places them."""

from collections.abc import Mapping

from django.db import connection, transaction

from catalog.models import StockMovement, Variant

# Locked by primary key, like the variants of an order. The new stock is computed from the locked row: PostgreSQL checks
# a CHECK on the row as the statement first saw it.
MOVE = """
WITH change AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(deltas)s::integer[]) AS change (variant_id, delta)
), locked AS (
    SELECT variant.id, variant.stock + change.delta AS stock, change.delta
    FROM change JOIN catalog_variant variant ON variant.id = change.variant_id
    WHERE variant.stock IS NOT NULL
    ORDER BY variant.id
    FOR NO KEY UPDATE OF variant
), moved AS (
    UPDATE catalog_variant variant SET stock = locked.stock FROM locked WHERE variant.id = locked.id
)
INSERT INTO catalog_stockmovement (variant_id, delta, balance, reason, order_id, actor_id, note, at)
SELECT id, delta, stock, %(reason)s, %(order_id)s, %(actor_id)s, '', statement_timestamp() FROM locked ORDER BY id
"""


def move_stock(
    deltas: Mapping[int, int], *, reason: StockMovement.Reason, order_id: int | None = None, actor_id: int | None = None
) -> None:
    """Add pieces to the stock of variants, or take them away; variants without a stock count are left alone.

    :param deltas: pieces by variant id.
    :raises django.db.IntegrityError: if a stock would be below zero.
    """
    parameters = {"ids": [*deltas], "deltas": [*deltas.values()]}
    with connection.cursor() as cursor:
        cursor.execute(MOVE, parameters | {"reason": reason.value, "order_id": order_id, "actor_id": actor_id})


@transaction.atomic
def adjust_stock(
    *, variant_id: int, to: int | None, reason: StockMovement.Reason, actor_id: int | None = None, note: str = ""
) -> None:
    """Set the stock of a variant; None: it is not counted any more.

    :raises Variant.DoesNotExist: if there is no such variant.
    """
    variant = Variant.objects.select_for_update(no_key=True).get(pk=variant_id)
    delta = (to or 0) - (variant.stock or 0)
    if to != variant.stock:
        Variant.objects.filter(pk=variant_id).update(stock=to)
    if delta:
        StockMovement.objects.create(
            variant=variant, delta=delta, balance=to or 0, reason=reason, actor_id=actor_id, note=note
        )
