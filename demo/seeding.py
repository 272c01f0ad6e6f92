"""Seeding of the demo shop: its products with pictures, and plain products for measurements."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from catalog.models import Category, Product, Variant
from demo import pictures
from demo.merchant import fill_in_settings
from demo.products import CATEGORIES, PRODUCTS, DemoProduct

SECTIONS = 10
# In SQL: a hundred thousand rows are inserted faster than model instances are created. Numbers whose SKU or slug is
# used by a product are skipped.
PLAIN_PRODUCTS = """
WITH plain AS (
    SELECT number, 'GEN-' || digits AS sku, 'gen-' || digits AS slug, (9000 + number * 7919 %% 990000) / 100.0 AS price
    FROM generate_series(1, %(missing)s + (SELECT count(*) FROM catalog_product)) AS number,
        lpad(number::text, greatest(6, length(number::text)), '0') AS digits
), product AS (
    INSERT INTO catalog_product (
        category_id, name, slug, description, images, option_names, is_active, created_at, updated_at,
        sku, price, price_max, is_available, variant_count
    )
    SELECT
        section.id, 'Товар ' || number, plain.slug,
        'Товар номер ' || number || ' из категории «' || section.name || '» нужен, чтобы измерить скорость магазина: '
            'его можно найти, положить в корзину и заказать, а вот отправить покупателю нельзя.',
        jsonb_build_array(picture || '-1.jpg', picture || '-2.jpg', picture || '-3.jpg'), '{}', true, now(), now(),
        plain.sku, plain.price, plain.price, true, 1
    FROM plain
        JOIN catalog_category section
            ON section.id = (%(sections)s::bigint[])[1 + number %% cardinality(%(sections)s::bigint[])],
        concat('https://example.org/pictures/', plain.slug) AS picture
    WHERE NOT EXISTS (SELECT FROM catalog_variant there WHERE there.sku = plain.sku)
        AND NOT EXISTS (SELECT FROM catalog_product there WHERE there.slug = plain.slug)
    ORDER BY number
    LIMIT %(missing)s
    RETURNING id, sku, price
)
INSERT INTO catalog_variant (product_id, option_values, sku, price, stock, images, position, is_active, updated_at)
SELECT id, '{}', sku, price, 1000000, '[]', 0, true, now() FROM product ORDER BY id
"""


@dataclass(frozen=True)
class Added:
    """Numbers of rows and pictures that were added."""

    categories: int = 0
    products: int = 0
    pictures: int = 0


def seed(*, total: int | None = None) -> Added:
    """Add missing demo data. Existing rows stay, except for settings and pages that staff have not edited.

    :param total: add plain products until there are so many; settings and pages stay as they are.
    """
    # Pictures first: a product never refers to a missing file, and no transaction is open while they are drawn.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        drawn = sum(pool.map(_draw_missing, PRODUCTS))
    with transaction.atomic():
        categories, products = Category.objects.count(), Product.objects.count()
        _add_demo_products(categories=_add_demo_categories())
        if total is None:
            fill_in_settings()
        else:  # for measurements, whose orders know of no minimum and no consent
            _add_plain_products(missing=total - Product.objects.count())
        # Without statistics, until autovacuum comes by, a list with a price limit reads the whole table.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE catalog_category, catalog_product, catalog_variant")
        return Added(Category.objects.count() - categories, Product.objects.count() - products, drawn)


def picture_names(*, product: DemoProduct) -> list[str]:
    """List the media paths of the pictures of a demo product."""
    return [f"demo/{product.sku.lower()}-{view}.jpg" for view in range(1, product.pictures + 1)]


def _draw_missing(product: DemoProduct) -> int:
    wall = next(category.wall for category in CATEGORIES if category.slug == product.category)
    drawn = 0
    for view, name in enumerate(picture_names(product=product), 1):
        if not default_storage.exists(name):
            picture = pictures.draw(sku=product.sku, look=product.look, wall=wall, view=view)
            default_storage.save(name, ContentFile(picture))
            drawn += 1
    return drawn


def _add_demo_categories() -> dict[str, Category]:
    categories: dict[str, Category] = {}
    for position, category in enumerate(CATEGORIES, 1):
        categories[category.slug], _ = Category.objects.get_or_create(
            slug=category.slug,
            defaults={"name": category.name, "position": position, "parent": categories.get(category.parent)},
        )
    return categories


def _add_demo_products(*, categories: dict[str, Category]) -> None:
    taken = {*Product.objects.values_list("slug", flat=True), *Variant.objects.values_list("sku", flat=True)}
    missing = [product for product in PRODUCTS if taken.isdisjoint({product.sku, product.slug})]
    rows = Product.objects.bulk_create(
        Product(
            category=categories[product.category],
            name=product.name,
            slug=product.slug,
            description=product.description,
            images=picture_names(product=product),
            properties=[{"name": name, "value": value} for name, value in product.properties.items()],
        )
        for product in missing
    )
    Variant.objects.bulk_create(
        Variant(
            product=row,
            sku=product.sku,
            price=Decimal(product.price),
            old_price=Decimal(product.old_price) if product.old_price else None,
            stock=product.stock,
        )
        for row, product in zip(rows, missing, strict=True)
    )


def _add_plain_products(*, missing: int) -> None:
    if missing <= 0:
        return
    sections = [
        Category.objects.get_or_create(
            slug=f"section-{number}", defaults={"name": f"Раздел {number}", "position": 100 + number}
        )[0]
        for number in range(1, SECTIONS + 1)
    ]
    with connection.cursor() as cursor:
        cursor.execute(PLAIN_PRODUCTS, {"sections": [section.pk for section in sections], "missing": missing})
