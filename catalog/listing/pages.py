"""Pages of the product list, each with one SQL statement that reads an index from the cursor on, or two if filtered."""

from decimal import Decimal
from typing import Any

from django.db import router

from catalog.listing.query import IN_CATEGORIES, ProductQuery
from catalog.listing.rows import NAME, DetailRow, ProductRow, VariantRow, columns, fetch_products
from catalog.listing.sort import Sort
from catalog.models import VISIBLE_IDS, Product
from catalog.search.failures import failed_searches
from catalog.search.interpretation import Reading, interpret
from catalog.search.ranking import fetch_found
from catalog.search.tsquery import read_search
from shop.api.pagination import Cursor
from shop.postgres.rows import fetch_rows

# With the variants, in one statement: staff may change options between two. The way up from a visible category ends.
ONE = f"""
SELECT {columns()}, (
    WITH RECURSIVE up AS (
        SELECT id, name, slug, parent_id, 0 AS steps FROM catalog_category WHERE id = category_id
        UNION ALL
        SELECT parent.id, parent.name, parent.slug, parent.parent_id, steps + 1
        FROM catalog_category parent JOIN up ON parent.id = up.parent_id
    ) SELECT json_agg(json_build_object('id', id, 'name', name, 'slug', slug) ORDER BY steps DESC) FROM up
), properties::json, (
    SELECT json_agg(json_build_array(
        id, sku, option_values, price::text, old_price::text, is_available, max_quantity, images::text
    ) ORDER BY position, id)
    FROM catalog_variant WHERE product_id = catalog_product.id AND is_active
) FROM catalog_product
WHERE {{key}} = %(key)s AND is_active AND category_id = ANY (ARRAY ({VISIBLE_IDS}))
"""  # noqa: S608 - constants
ALL = """
SELECT {columns} FROM catalog_product
WHERE {in_categories} AND {conditions}
ORDER BY {order} LIMIT %(limit)s
"""
# The next products of the list, filtered: most filters pass most products, such as a price limit or "in stock".
NEARBY = """
SELECT {columns} FROM {next_products} WHERE {conditions} ORDER BY {order} LIMIT %(limit)s
"""
NEAR = 5  # products to read, for each row of the page
IN_CATEGORY = "category_id = category.id"
# From each category the first products are taken, along an index, and of these the first. A plain query would have to
# sort all products of a large category, or to walk past all those of others.
OF_CATEGORIES = """
SELECT {columns} FROM catalog_product WHERE id = ANY (ARRAY (
    SELECT first.id FROM ({category_ids}) AS category (id) CROSS JOIN LATERAL (
        SELECT id FROM catalog_product
        WHERE {conditions}
        ORDER BY {order_in_category} LIMIT %(limit)s
    ) AS first
)) ORDER BY {order} LIMIT %(limit)s
"""


def fetch_product(key: int | str) -> tuple[ProductRow, DetailRow] | None:
    """Return a product on sale, with its variants that are; None if there is none.

    :param key: its id or its slug.
    """
    statement = ONE.format(key="id" if isinstance(key, int) else "slug")
    for *product, path, properties, variants in fetch_rows(statement, {"key": key}, using=router.db_for_read(Product)):
        listed = [_variant(*variant) for variant in variants or ()]
        return ProductRow._make(product), DetailRow(path, properties, listed)
    return None


def _variant(pk: int, sku: str, options: list[str], price: str, old_price: str | None, *shown: Any) -> VariantRow:
    return VariantRow(pk, sku, options, Decimal(price), Decimal(old_price) if old_price else None, *shown)


def fetch_page(query: ProductQuery, cursor: Cursor | None, limit: int) -> tuple[list[ProductRow], Reading | None]:
    """Return the first products after the cursor, or before it, if it points back.

    :returns: the products, and the reading of a search that finds nothing else.
    """
    if not query.search:
        return _fetch(query, cursor, limit), None
    search = read_search(query.search)
    found = fetch_found(query, search, cursor, limit)
    if cursor or not found.finds_nothing:
        return found.products, None
    reading = interpret(search, finds_nothing=True)
    if reading is None:
        failed_searches.add(query.search)
        return [], None
    understood = read_search(reading.text)
    return fetch_found(query, understood, None, limit, has_most=reading.has_most).products, reading


def _fetch(query: ProductQuery, cursor: Cursor | None, limit: int) -> list[ProductRow]:
    sort = Sort.after(cursor, query.ordering)
    if query.filters and query.ids is None:
        products = _fetch_nearby(query, sort, limit)
        if len(products) == limit:
            return products
    if query.category_id is None:
        statement, after, order_in_category = ALL, sort.condition, ""
    elif query.filters:
        # How many products pass decides on the index here, and PostgreSQL guesses that best of all categories together.
        statement, after, order_in_category = OF_CATEGORIES, f"{IN_CATEGORY} AND {sort.condition}", sort.order
    else:
        statement, after, order_in_category = OF_CATEGORIES, sort.condition_in_category, sort.order_in_category
    return fetch_products(
        statement.format(
            columns=_columns(sort),
            category_ids=query.category_ids,
            in_categories=IN_CATEGORIES.format(category_ids=query.category_ids),
            conditions=f"{query.conditions} AND {after}",
            order=sort.order,
            order_in_category=order_in_category,
        ),
        query.parameters | sort.parameters | {"limit": limit},
        plan_for_values=bool(query.filters),
    )


def _fetch_nearby(query: ProductQuery, sort: Sort, limit: int) -> list[ProductRow]:
    """Return those of the next products that pass the filters.

    One plan is good for all values, so the statement is prepared: 0.3 to 0.4 ms, where a plan for the values takes 0.6
    to 1.1, most of it planning. If too few pass, that time is lost. The number of products is a literal, so that the
    planner sees how small it is.
    """
    return fetch_products(
        NEARBY.format(
            columns=_columns(sort),
            next_products=sort.next_products(query, str(NEAR * limit)),
            # Those of a category are on sale.
            conditions=query.on_sale if query.category_id is None else query.conditions,
            order=sort.order,
        ),
        query.parameters | sort.parameters | {"limit": limit},
    )


def _columns(sort: Sort) -> str:
    return columns(name_key=NAME) if sort.ordering.name == "name" else columns()
