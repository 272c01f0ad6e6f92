"""Offers of products on sale, read without a lock."""

from collections.abc import Iterable
from functools import cache

from django.db import connection

from catalog.models import Product
from orders.placing.pricing import Offer


def read_offers(product_ids: Iterable[int]) -> dict[int, Offer]:
    """Return the offers by product id, without the products that are not on sale."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, sku, price, stock FROM ("  # noqa: S608 - our own SQL
            f"{on_sale()}) AS on_sale WHERE id = ANY (%(ids)s::bigint[])",
            {"ids": array(product_ids)},
        )
        return {row[0]: Offer(*row) for row in cursor.fetchall()}


@cache
def on_sale() -> str:
    """Return the SQL of `Product.objects.on_sale()`, for a statement with parameters."""
    statement, no_parameters = Product.objects.on_sale().order_by().query.sql_with_params()
    return str(statement % no_parameters).replace("%", "%%")


def array(numbers: Iterable[object]) -> str:
    """Format numbers as a PostgreSQL array literal.

    psycopg looks up the type of each list, which takes longer than all other parameters of an order.
    """
    return f"{{{','.join(map(str, numbers))}}}"
