"""The triggers of the revision: declared on the models, and in the migrations."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.commands import makemigrations
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from pgtrigger.compiler import Trigger
from pgtrigger.migrations import AddTrigger

from catalog.models import Category, Product
from catalog.tests.test_revision import moves
from conftest import Make

pytestmark = pytest.mark.django_db(transaction=True)


def triggers() -> set[tuple[str, ...]]:
    """Return all triggers of the catalog's tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger"
            " WHERE tgrelid IN ('catalog_product'::regclass, 'catalog_category'::regclass) AND NOT tgisinternal"
        )
        return set(cursor.fetchall())


@pytest.fixture
def _newest_migration() -> Iterator[None]:
    """Bring the database back to the newest migration after the test."""
    yield
    call_command("migrate", "catalog", verbosity=0)


def test_migration_of_a_new_field_has_the_trigger() -> None:
    loader = MigrationLoader(connection)
    new = ProjectState.from_apps(apps)
    new.add_field("catalog", "product", "weight", models.IntegerField(null=True), preserve_default=True)
    changes = makemigrations.Command.autodetector(loader.project_state(), new).changes(graph=loader.graph)
    [migration] = changes["catalog"]
    [added] = [operation for operation in migration.operations if isinstance(operation, AddTrigger)]
    assert isinstance(added.trigger, Trigger)
    assert added.trigger.name == "catalog_product_changes"
    assert 'OLD."weight" IS DISTINCT FROM (NEW."weight")' in str(added.trigger.sql)


def test_models_and_migrations_agree() -> None:
    loader = MigrationLoader(connection)
    detector = makemigrations.Command.autodetector(loader.project_state(), ProjectState.from_apps(apps))
    assert "catalog" not in detector.changes(graph=loader.graph)


def test_triggers_execute_the_function_without_a_wrapper() -> None:
    """A wrapper that handles an exception makes the commit of many rows quadratic."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgfoid::regproc::text FROM pg_trigger"
            " WHERE tgname LIKE 'pgtrigger_catalog_%' AND NOT tgisinternal"
        )
        executed = dict(cursor.fetchall())
    assert len(executed) == len(Product._meta.triggers) + len(Category._meta.triggers) == 5  # type: ignore[attr-defined]
    assert set(executed.values()) == {"catalog_move_revision"}


@pytest.mark.usefixtures("_newest_migration")
def test_revision_moves_before_and_after_the_migration_back_and_forth(make_product: Make) -> None:
    product, newest = make_product(stock=5), triggers()
    products, categories = Product.objects.filter(pk=product.pk), Category.objects.all()
    for price, migration in enumerate(("0005", "0006", "0007", "0005", None), 1):
        call_command("migrate", "catalog", *filter(None, [migration]), verbosity=0)
        assert moves(lambda price=price: products.update(price=price))  # type: ignore[misc]
        assert moves(lambda price=price: categories.update(name=price))  # type: ignore[misc]
        assert not moves(lambda: products.update(stock=4))
        assert moves(lambda: products.update(stock=0))
        assert moves(lambda: products.update(stock=5))
        assert (triggers() == newest) is (migration is None)
    assert products.get().name == product.name
