"""SEARCH_LANGUAGE: the language in which a search stems words, and the rebuild of the index after a change of it."""

import sys
from collections.abc import Sequence
from typing import Any, TextIO

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.management import CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

INDEXED = """
SELECT coalesce(obj_description(oid, 'pg_ts_config'), 'unknown') FROM pg_ts_config
WHERE cfgname = 'catalog_search' AND pg_ts_config_is_visible(oid)
"""
LANGUAGES = "SELECT cfgname FROM pg_ts_config WHERE cfgnamespace = 'pg_catalog'::regnamespace ORDER BY cfgname"


def carry_out_setting(
    sender: AppConfig,
    *,
    using: str = DEFAULT_DB_ALIAS,
    verbosity: int = 1,
    stdout: TextIO = sys.stdout,
    **kwargs: Any,
) -> None:
    """Rebuild the index of words if SEARCH_LANGUAGE has changed (a receiver of post_migrate).

    :raises CommandError: if PostgreSQL does not know the language; nothing is changed then.
    """
    connection = connections[using]
    indexed = _indexed_language(connection)
    if indexed in {None, settings.SEARCH_LANGUAGE}:
        return
    if refusal := _refusal(connection):
        raise CommandError(refusal)
    if verbosity:
        stdout.write(f"Rebuilding the search in {settings.SEARCH_LANGUAGE}; it was in {indexed}.\n")
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalog_set_search_language(%s)", [settings.SEARCH_LANGUAGE])
        if not connection.in_atomic_block:
            cursor.execute("VACUUM (ANALYZE) catalog_product")  # as in migration 0007


@checks.register(checks.Tags.database)
def check_search_language(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Check that PostgreSQL knows SEARCH_LANGUAGE, and that the products are indexed in it."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        refusal, indexed = _refusal(connection), _indexed_language(connection)
    except DatabaseError:
        return []  # shop.postgres.checks tells of it
    if refusal:
        return [checks.Error(refusal, id="catalog.E001")]
    if indexed in {None, settings.SEARCH_LANGUAGE}:
        return []
    return [
        checks.Warning(
            f"SEARCH_LANGUAGE: is {settings.SEARCH_LANGUAGE}, but the search was built in {indexed}",
            hint="`manage.py migrate` rebuilds it.",
            id="catalog.W001",
        )
    ]


def _indexed_language(connection: BaseDatabaseWrapper) -> str | None:
    """Return the language of the index; None before migration 0007."""
    with connection.cursor() as cursor:
        cursor.execute(INDEXED)
        row = cursor.fetchone()
    return row and str(row[0])


def _refusal(connection: BaseDatabaseWrapper) -> str | None:
    """Return the error message of a language that PostgreSQL does not know, else None."""
    with connection.cursor() as cursor:
        cursor.execute(LANGUAGES)
        languages = [language for (language,) in cursor.fetchall()]
    if settings.SEARCH_LANGUAGE in languages:
        return None
    return f"SEARCH_LANGUAGE: is none of PostgreSQL's text search configurations: {', '.join(languages)}"
