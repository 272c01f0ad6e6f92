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

from catalog.models import Product
from catalog.tests.test_revision import moves
from conftest import Make
from testing.stock import stock_of

pytestmark = pytest.mark.django_db(transaction=True)


def triggers() -> set[tuple[str, ...]]:
    """Return all triggers of the catalog's tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger"
            " WHERE tgrelid::regclass::text IN ('catalog_product', 'catalog_category', 'catalog_variant')"
            " AND NOT tgisinternal"
        )
        return set(cursor.fetchall())


@pytest.fixture
def _newest_migration() -> Iterator[None]:
    """Bring the database back to the newest migration after the test."""
    yield
    call_command("migrate", verbosity=0)


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
    models_of_catalog = apps.get_app_config("catalog").get_models()
    declared = [trigger for model in models_of_catalog for trigger in vars(model._meta).get("triggers", ())]
    assert len(executed) == len(declared)
    assert set(executed.values()) == {"catalog_move_revision", "catalog_derive_products", "catalog_check_product"}


@pytest.mark.usefixtures("_newest_migration")
def test_revision_moves_before_and_after_the_migration_back_and_forth(make_product: Make) -> None:
    product, newest = make_product(stock=9), triggers()
    for migration in ("0005", "0006", "0007", "0009", "0005", None):
        call_command("migrate", *(["catalog", migration] if migration else []), verbosity=0)
        offers = "catalog_product" if migration in {"0005", "0006", "0007"} else "catalog_variant"
        assert moves(lambda offers=offers: run("UPDATE", offers, "SET price = price + 1"))  # type: ignore[misc]
        assert moves(lambda: run("UPDATE catalog_category SET position = position + 1"))
        assert not moves(lambda offers=offers: run("UPDATE", offers, "SET stock = 8"))  # type: ignore[misc]
        assert moves(lambda offers=offers: run("UPDATE", offers, "SET stock = 0"))  # type: ignore[misc]
        assert moves(lambda offers=offers: run("UPDATE", offers, "SET stock = 9"))  # type: ignore[misc]
        assert (triggers() == newest) is (migration is None)
    assert Product.objects.get().name == product.name
    assert stock_of(product) == 9


def run(*words: str) -> None:
    """Run SQL, also in a schema that the models do not know."""
    with connection.cursor() as cursor:
        cursor.execute(" ".join(words))
