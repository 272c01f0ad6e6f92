"""Offers of the variants in a cart, read without a lock."""

from collections.abc import Iterable
from functools import cache

from django.db import connection

from catalog.models import Product
from orders.placing.cart import Cart
from orders.placing.pricing import Offer, Offers

# The variants of products with several are not offered: the cart must name one. The LIMIT is for the planner, as in
# writing.py.
READ = """
SELECT variant.id, product.id, product.name, variant.option_values, variant.sku, variant.price, variant.stock,
    product.variant_id = variant.id
FROM (
    SELECT unnest(%(variant_ids)s::bigint[] || ARRAY (
        SELECT variant_id FROM catalog_product
        WHERE id = ANY (%(product_ids)s::bigint[]) AND variant_id IS NOT NULL
    )) AS id LIMIT %(items)s
) AS wanted
JOIN catalog_variant variant ON variant.id = wanted.id AND variant.is_active
JOIN ({on_sale}) AS product ON product.id = variant.product_id
"""
WITH_SEVERAL = "SELECT id FROM ({on_sale}) AS product WHERE variant_count > 1 AND id = ANY (%(product_ids)s::bigint[])"


def read_offers(cart: Cart) -> Offers:
    """Read the offers of a cart; products and variants that are not on sale have none."""
    with connection.cursor() as cursor:
        parameters: dict[str, str | int] = {
            "variant_ids": array(cart.variants),
            "product_ids": array(cart.quantities),
            "items": len(cart.variants) + len(cart.quantities),
        }
        cursor.execute(READ.format(on_sale=on_sale()), parameters)
        rows = cursor.fetchall()
        only = {row[1]: row[0] for row in rows if row[-1] and row[1] in cart.quantities}
        several: frozenset[int] = frozenset()
        if missing := cart.quantities.keys() - only.keys():
            cursor.execute(WITH_SEVERAL.format(on_sale=on_sale()), {"product_ids": array(missing)})
            several = frozenset(pk for (pk,) in cursor.fetchall())
    return Offers({row[0]: Offer(*row[:-1]) for row in rows}, only, several)


@cache
def on_sale() -> str:
    """Return the SQL of `Product.objects.on_sale()`, for a statement with parameters."""
    products = Product.objects.on_sale().values("id", "name", "variant_id", "variant_count")
    statement, no_parameters = products.order_by().query.sql_with_params()
    return str(statement % no_parameters).replace("%", "%%")


def array(numbers: Iterable[object]) -> str:
    """Format numbers as a PostgreSQL array literal.

    psycopg looks up the type of each list, which takes longer than all other parameters of an order.
    """
    return f"{{{','.join(map(str, numbers))}}}"
