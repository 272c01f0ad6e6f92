"""Triggers that keep products and variants consistent.

They write the derived columns, and check that each product has a variant with a value for each option. Their
functions are in migration 0009.
"""

from typing import Any

import pgtrigger
from django.db import models


class DeriveTrigger(pgtrigger.Trigger):
    """Trigger that writes the derived columns of products once for each statement that changes their variants.

    A trigger of each row would read the other variants in the snapshot of the statement: two orders that empty two
    variants of a product at the same time would both leave it in stock. This one locks the products first, and reads
    the variants in a newer snapshot.
    """

    when = pgtrigger.After
    level = pgtrigger.Statement
    func = "RETURN NULL;"

    def __init__(self, operation: pgtrigger.Operation, *, name: str) -> None:
        old = None if operation == pgtrigger.Insert else "old_rows"
        new = None if operation == pgtrigger.Delete else "new_rows"
        tables = pgtrigger.Referencing(old=old, new=new)  # type: ignore[no-untyped-call]
        super().__init__(name=name, operation=operation, referencing=tables)

    def render_execute(self, model: models.Model) -> str:
        return "catalog_derive_products()"


class CheckTrigger(pgtrigger.Trigger):
    """Trigger that checks the variants of changed products at the commit.

    A product has at least one variant, and each variant has a value for each of its options.
    """

    when = pgtrigger.After
    timing = pgtrigger.Deferred
    func = "RETURN NULL;"

    def __init__(self, operation: pgtrigger.Operation, *, name: str, **options: Any) -> None:
        super().__init__(name=name, operation=operation, **options)

    def render_execute(self, model: models.Model) -> str:
        return "catalog_check_product()"


def update_of(*columns: str) -> pgtrigger.Operation:
    """Return the operation UPDATE OF: other updates, such as a sale, do not fire the trigger."""
    return pgtrigger.UpdateOf(*columns)  # type: ignore[no-untyped-call]
