"""Stock of products in tests."""

from catalog.models import Product, Variant


def stock_of(product: Product) -> int | None:
    """Return the stock of the only variant of a product, as the database has it."""
    return Variant.objects.get(product=product).stock


def variant_of(product: Product) -> Variant:
    """Return the only variant of a product."""
    return Variant.objects.get(product=product)
