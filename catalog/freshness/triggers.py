"""Triggers that move the catalog revision, declared in the Meta of the models (django-pgtrigger).

`makemigrations` compares them with the migrations, so that a new field of a model is covered by its migration.
"""

import pgtrigger

# Moves the revision once for each transaction (migration 0006).
TOUCH = "PERFORM catalog_touch_revision(); RETURN NULL;"


def on_rows(
    operation: pgtrigger.Operation, *, name: str, condition: pgtrigger.Condition | None = None
) -> pgtrigger.Trigger:
    """Return a trigger of changed rows. It runs at the commit, so that no transaction waits with the revision locked.

    :param condition: of OLD and NEW; a row without it is not queued for the commit.
    """
    return pgtrigger.Trigger(
        name=name,
        operation=operation,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        condition=condition,
        func=TOUCH,
    )


def on_truncate(*, name: str) -> pgtrigger.Trigger:
    """Return a trigger of TRUNCATE, which PostgreSQL cannot defer to the commit."""
    return pgtrigger.Trigger(
        name=name, operation=pgtrigger.Truncate, when=pgtrigger.After, level=pgtrigger.Statement, func=TOUCH
    )
