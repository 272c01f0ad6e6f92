"""SEARCH_LANGUAGE: the language in which a search stems words."""

import io
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pytest_django import Settings

from catalog.tests.test_revision import moves
from catalog.tests.test_search import names
from conftest import JSONClient, Make
from testing.bot_api import DEADLINE
from testing.threads import beside, wait_until_blocked


def migrate(verbosity: int = 1) -> str:
    """Run `manage.py migrate`; return its last line."""
    output = io.StringIO()
    call_command("migrate", verbosity=verbosity, stdout=output)
    return output.getvalue().splitlines()[-1] if verbosity else output.getvalue()


def index_of_words() -> tuple[object, ...]:
    """Return what another index would differ in: the file of the table, the column, the configuration."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_relation_filenode('catalog_product'), attnum, 'catalog_search'::regconfig::oid"
            " FROM pg_attribute WHERE attrelid = 'catalog_product'::regclass AND attname = 'search'"
        )
        return tuple(cursor.fetchone())


def issues() -> list[checks.CheckMessage]:
    """Return what `manage.py check --database default` says about the search."""
    return [
        issue for issue in checks.run_checks(tags=["database"], databases=["default"]) if "SEARCH_LANGUAGE" in issue.msg
    ]


@pytest.fixture
def _russian(transactional_db: None, settings: Settings) -> Iterator[None]:
    """Give the other tests their index back."""
    yield
    settings.SEARCH_LANGUAGE = "russian"
    migrate(verbosity=0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "search", "found"),
    [
        ("german", "Häuser", ["Haus"]),
        ("russian", "Häuser", []),
        ("simple", "Häuser", []),
        ("russian", "домиками", ["Домик"]),
        ("german", "домиками", []),
        ("simple", "домик", ["Домик"]),
        ("simple", "hau", ["Haus"]),
    ],
)
def test_words_are_found_by_their_stems_in_the_language(
    language: str, search: str, found: list[str], client: JSONClient, make_product: Make, settings: Settings
) -> None:
    settings.SEARCH_LANGUAGE = language
    migrate(verbosity=0)
    make_product(name="Haus")
    make_product(name="Домик")
    assert names(client, search) == found


@pytest.mark.usefixtures("_russian")
def test_change_of_the_setting_is_carried_out_by_migrate(
    client: JSONClient, make_product: Make, settings: Settings
) -> None:
    make_product(name="Haus")
    assert [names(client, "Häuser") for _ in range(4)] == [[]] * 4  # the connection has prepared statements then
    settings.SEARCH_LANGUAGE = "german"
    [warning] = issues()
    assert (warning.level, warning.msg) == (
        checks.WARNING,
        "SEARCH_LANGUAGE: is german, but the search was built in russian",
    )
    assert moves(lambda: migrate() == "Rebuilding the search in german; it was in russian.")
    assert names(client, "Häuser") == ["Haus"]
    assert issues() == []


@pytest.mark.usefixtures("_russian")
def test_index_that_was_rebuilt_has_statistics_and_a_visibility_map(make_product: Make, settings: Settings) -> None:
    make_product()
    settings.SEARCH_LANGUAGE = "german"
    migrate(verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(attname ORDER BY attname) FROM pg_stats"
            " WHERE tablename IN ('catalog_product', 'catalog_product_search_name')"
            " AND attname IN ('search', 'ts_filter')"
        )
        assert cursor.fetchone() == (["search", "ts_filter"],)
        cursor.execute("SELECT relallvisible > 0 FROM pg_class WHERE oid = 'catalog_product'::regclass")
        assert cursor.fetchone() == (True,)


@pytest.mark.usefixtures("_russian")
def test_nothing_is_rebuilt_without_a_change(settings: Settings) -> None:
    before = index_of_words()
    assert not moves(migrate)
    assert index_of_words() == before
    settings.SEARCH_LANGUAGE = "german"
    migrate()
    assert all(new != old for new, old in zip(index_of_words(), before, strict=True))


@pytest.mark.django_db
def test_unknown_language_is_refused(settings: Settings) -> None:
    before = index_of_words()
    settings.SEARCH_LANGUAGE = "klingon"
    with pytest.raises(CommandError, match=r"SEARCH_LANGUAGE: .* english, .* german, .* russian, .* simple") as refused:
        migrate()
    [error] = issues()
    assert (error.level, error.msg) == (checks.ERROR, str(refused.value))
    assert index_of_words() == before
    settings.SEARCH_LANGUAGE = "russian"
    assert issues() == []


@pytest.mark.django_db
def test_language_that_is_not_known_any_more_is_set_again(settings: Settings) -> None:
    """A dump without comments has lost it."""
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON TEXT SEARCH CONFIGURATION catalog_search IS NULL")
    assert [issue.level for issue in issues()] == [checks.WARNING]
    assert migrate() == "Rebuilding the search in russian; it was in unknown."
    assert issues() == []


@pytest.mark.usefixtures("_russian")
def test_search_during_the_rebuild_waits_for_its_end(
    client: JSONClient, make_product: Make, settings: Settings
) -> None:
    make_product(name="Haus")
    settings.SEARCH_LANGUAGE = "german"

    with ExitStack() as stack:
        with transaction.atomic():
            migrate(verbosity=0)
            found, backend = stack.enter_context(beside(lambda: names(client, "Häuser")))
            wait_until_blocked(backend)
        assert found.result(DEADLINE) == ["Haus"]
