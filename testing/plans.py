"""Query plans: rows that PostgreSQL reads for a query."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection


def plans_of(queries: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    """Run captured queries again with EXPLAIN ANALYZE; return their plans."""
    found = []
    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + query["sql"])
            (plan,) = cursor.fetchone()
            found.append((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    return found


def scans(plan: dict[str, Any], table: str) -> list[dict[str, Any]]:
    """List the nodes of a plan that scan a table."""
    return [node for node in _nodes(plan) if node.get("Relation Name") == table]


def rows_read(plan: dict[str, Any], table: str) -> int:
    """Count the rows of a table that a query read, including rows removed by filters."""
    return sum(
        int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])
        for node in scans(plan, table)
    )


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)
