"""Filling the shop: the demo shop, and any number of plain products to measure with."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, islice

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import reset_queries, transaction
from django.db.models import Q

from catalog import demo, pictures
from catalog.models import Category, Product

SECTIONS = 10
BATCH = 2000


@dataclass(frozen=True)
class Added:
    """What was not there before."""

    categories: int = 0
    products: int = 0
    pictures: int = 0


def seed(*, total: int | None = None) -> Added:
    """Add what the demo shop lacks, then plain products until there are `total`; change nothing that is there."""
    # Pictures come first: a product never names a file that is not there, and drawing holds no transaction open.
    drawn = sum(_draw_missing(product=product) for product in demo.PRODUCTS)
    with transaction.atomic():
        categories, products = Category.objects.count(), Product.objects.count()
        _add_demo_products(shelves=_add_demo_categories())
        if total is not None:
            _add_plain_products(missing=total - Product.objects.count())
        return Added(Category.objects.count() - categories, Product.objects.count() - products, drawn)


def picture_names(*, product: demo.DemoProduct) -> list[str]:
    """List the media paths of the pictures of a demo product."""
    return [f"demo/{product.sku.lower()}-{view}.jpg" for view in range(1, product.pictures + 1)]


def _draw_missing(*, product: demo.DemoProduct) -> int:
    wall = next(category.wall for category in demo.CATEGORIES if category.slug == product.category)
    drawn = 0
    for view, name in enumerate(picture_names(product=product), 1):
        if not default_storage.exists(name):
            picture = pictures.draw(sku=product.sku, look=product.look, wall=wall, view=view)
            default_storage.save(name, ContentFile(picture))
            drawn += 1
    return drawn


def _add_demo_categories() -> dict[str, Category]:
    shelves: dict[str, Category] = {}
    for position, category in enumerate(demo.CATEGORIES, 1):
        shelves[category.slug], _ = Category.objects.get_or_create(
            slug=category.slug,
            defaults={"name": category.name, "position": position, "parent": shelves.get(category.parent)},
        )
    return shelves


def _add_demo_products(*, shelves: dict[str, Category]) -> None:
    taken = {key for row in Product.objects.values_list("sku", "slug") for key in row}
    Product.objects.bulk_create(
        Product(
            category=shelves[product.category],
            name=product.name,
            slug=product.slug,
            sku=product.sku,
            description=product.description,
            price=Decimal(product.price),
            old_price=Decimal(product.old_price) if product.old_price else None,
            images=picture_names(product=product),
            stock=product.stock,
        )
        for product in demo.PRODUCTS
        if taken.isdisjoint({product.sku, product.slug})
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
    products = islice(_plain_products(sections=sections), missing)
    while batch := list(islice(products, BATCH)):
        Product.objects.bulk_create(batch)
        reset_queries()  # with DEBUG on, Django would keep every statement until the end


def _plain_products(*, sections: list[Category]) -> Iterator[Product]:
    for number in _free_numbers():
        sku, slug = _keys(number)
        section = sections[number % SECTIONS]
        yield Product(
            category=section,
            name=f"Товар {number}",
            slug=slug,
            sku=sku,
            description=(
                f"Товар номер {number} из категории «{section.name}» нужен, чтобы измерить скорость магазина: "
                "его можно найти, положить в корзину и заказать, а вот отправить покупателю нельзя."
            ),
            price=Decimal(9000 + number * 7919 % 990_000) / 100,
            images=[f"https://example.org/pictures/{slug}-{view}.jpg" for view in (1, 2, 3)],
            stock=1_000_000,
        )


def _free_numbers() -> Iterator[int]:
    """Count up, without the numbers whose SKU or slug a product has; what is taken is looked up part by part."""
    for first in count(1, BATCH):
        keys = {number: _keys(number) for number in range(first, first + BATCH)}
        skus, slugs = zip(*keys.values(), strict=True)
        there = Product.objects.filter(Q(sku__in=skus) | Q(slug__in=slugs)).values_list("sku", "slug")
        taken = {key for row in there for key in row}
        yield from (number for number, pair in keys.items() if taken.isdisjoint(pair))


def _keys(number: int) -> tuple[str, str]:
    return f"GEN-{number:06}", f"gen-{number:06}"
