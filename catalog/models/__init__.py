"""Models of the catalog: categories, products, their variants, and the stock ledger."""

from catalog.models.categories import VISIBLE_IDS, VISIBLE_IDS_WITHIN, Category
from catalog.models.images import MAX_IMAGES, validate_images, validate_picture
from catalog.models.products import (
    MAX_OPTIONS,
    NAME_KEY,
    RESERVED_SLUGS,
    NameKey,
    Product,
    validate_product_slug,
)
from catalog.models.properties import validate_properties
from catalog.models.revision import Revision
from catalog.models.searches import FailedSearch, Synonym
from catalog.models.stock import StockMovement
from catalog.models.variants import Variant
from catalog.models.words import Word

__all__ = [
    "MAX_IMAGES",
    "MAX_OPTIONS",
    "NAME_KEY",
    "RESERVED_SLUGS",
    "VISIBLE_IDS",
    "VISIBLE_IDS_WITHIN",
    "Category",
    "FailedSearch",
    "NameKey",
    "Product",
    "Revision",
    "StockMovement",
    "Synonym",
    "Variant",
    "Word",
    "validate_images",
    "validate_picture",
    "validate_product_slug",
    "validate_properties",
]
