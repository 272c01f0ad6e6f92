"""Variants made from combinations of a product's options."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from itertools import count, islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Product, Variant

CHANGED = gettext_lazy("Somebody else has changed the options or variants meanwhile. Look at them again.")
MAX_VARIANTS = 200  # as many as the page of a product shows


def state_of(product: Product, variants: Iterable[Variant]) -> str:
    """Return a digest of a product's options and of its variants' values, to compare with later."""
    state = [product.option_names, sorted((variant.pk, variant.option_values) for variant in variants)]
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()


@transaction.atomic
def make_variants(*, product_id: int, names: list[str], combinations: Sequence[list[str]], seen: str) -> list[Variant]:
    """Make a variant for each combination that the product does not have yet.

    The only variant of a product without options takes the first combination and keeps its SKU, price and stock. New
    ones get its prices and a SKU made of its own; their stock is 0 if it is counted.

    :param names: the product's options; a product that has options keeps them.
    :param seen: `state_of` the product when the combinations were chosen.
    :returns: the new variants.
    :raises ValidationError: if somebody else has changed options or variants since then, or if there would be too many.
    """
    # Variants before their product, like an order that takes the last pieces.
    list(Variant.objects.select_for_update(no_key=True).filter(product=product_id).order_by("pk").values_list("pk"))
    product = Product.objects.select_for_update(no_key=True).filter(pk=product_id).first()
    variants = list(product.variants.order_by("position", "pk")) if product else []
    if product is None or state_of(product, variants) != seen:
        raise ValidationError(CHANGED)
    first = variants[0]
    if not product.option_names:
        product.option_names = names
        product.save(update_fields=["option_names", "updated_at"])
        first.option_values = combinations[0]
        first.save(update_fields=["option_values", "updated_at"])
    there = [variant.option_values for variant in variants]
    missing = [values for values in combinations if values not in there]
    if len(variants) + len(missing) > MAX_VARIANTS:
        raise ValidationError(_("A product has at most %(limit)s variants."), params={"limit": MAX_VARIANTS})
    last = max(variant.position for variant in variants)
    return Variant.objects.bulk_create(
        Variant(
            product=product,
            option_values=values,
            sku=sku,
            price=first.price,
            old_price=first.old_price,
            stock=None if first.stock is None else 0,
            position=last + number,
        )
        for number, (values, sku) in enumerate(zip(missing, _free_skus(first.sku, len(missing)), strict=True), 1)
    )


def _free_skus(sku: str, number: int) -> list[str]:
    """Return SKUs that no variant has: "T-1-2", "T-1-3" and so on for "T-1"."""
    stem = f"{sku[:58]}-"
    taken = set(Variant.objects.filter(sku__startswith=stem).values_list("sku", flat=True))
    return list(islice((each for each in map(f"{stem}{{}}".format, count(2)) if each not in taken), number))
