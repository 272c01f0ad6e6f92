"""Checks of the constraints and indexes that an app's models declare."""

from collections.abc import Callable, Collection, Iterator

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from psycopg import errors as pg


def assert_refused(constraint: str, violate: Callable[[], object]) -> None:
    """Assert that the database refuses a change because of that constraint."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        violate()
    assert isinstance(caught.value.__cause__, pg.IntegrityError)
    assert caught.value.__cause__.diag.constraint_name == constraint


def assert_all_tested(app_label: str, names: Collection[str]) -> None:
    """Assert that these are all constraints of an app, and that each has an error message of its own."""
    declared = list(_constraints(app_label))
    assert {constraint.name for constraint in declared} == set(names)
    for constraint in declared:
        assert constraint.violation_error_message != constraint.default_violation_error_message


def assert_indexes_exist(app_label: str) -> None:
    """Assert that the indexes of an app's models are in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()")
        existing = {name for (name,) in cursor.fetchall()}
    for model in apps.get_app_config(app_label).get_models():
        assert {index.name for index in model._meta.indexes} <= existing


def _constraints(app_label: str) -> Iterator[models.BaseConstraint]:
    for model in apps.get_app_config(app_label).get_models():
        yield from model._meta.constraints
