"""Plain SQL for queries that take Django longer to compile than PostgreSQL to execute."""

from collections.abc import Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def fetch_rows(
    statement: str,
    parameters: Mapping[str, Any],
    *,
    using: str = DEFAULT_DB_ALIAS,
    plan_for_values: bool = False,
) -> list[tuple[Any, ...]]:
    """Run a SELECT and return its rows.

    :param parameters: by name, as in `%(name)s`.
    :param plan_for_values: whether the best plan depends on the values, such as how many products are below a price.
        The statement is not prepared then. The values of a prepared one are unknown to PostgreSQL from the sixth
        execution on: planning takes 0.1 to 0.4 ms, and a wrong plan may read the whole table.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        session = connection.connection
        threshold = session.prepare_threshold
        if plan_for_values:
            session.prepare_threshold = None
        try:
            cursor.execute(statement, parameters)
        finally:
            session.prepare_threshold = threshold
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
