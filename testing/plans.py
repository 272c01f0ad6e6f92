"""What PostgreSQL reads to answer."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection


def plans_of(queries: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    """Carry out captured queries once more; return how each of them was."""
    found = []
    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + query["sql"])
            (plan,) = cursor.fetchone()
            found.append((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    return found


def scans(plan: dict[str, Any], table: str) -> list[dict[str, Any]]:
    """List the parts of a plan that read a table."""
    return [node for node in _nodes(plan) if node.get("Relation Name") == table]


def rows_read(plan: dict[str, Any], table: str) -> int:
    """Count the rows of a table that a query took in its hand, those that it threw away included."""
    return sum(
        int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])
        for node in scans(plan, table)
    )


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)
