"""Pages of a list, by cursor: page 1,000 costs what page 1 costs, and rows that come or go shift nothing."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

Rows = QuerySet[Any]
MAX_ID = 2**63 - 1


@dataclass(frozen=True)
class Ordering:
    """What a list is sorted by: columns, the last of them unique, with the Python types of their values."""

    name: str  # goes into the cursors: one of another ordering is refused
    key: tuple[tuple[str, type[int | Decimal | str]], ...]
    descending: bool = False


@dataclass(frozen=True)
class Cursor:
    """A place between two rows: right after the row with this key, in this part of the list."""

    part: int
    key: tuple[Any, ...]
    back: bool = False  # read backwards, beginning with the row itself


NEWEST = Ordering("newest", (("id", int),), descending=True)


class Part(Protocol):
    """A part of a list, of which pages are read."""

    def __call__(self, cursor: Cursor | None, limit: int, *, back: bool) -> Iterable[Any]:
        """Return the next so many rows.

        :param cursor: where to begin; None: at the first row, or the last one.
        :param back: the row of the cursor and those before it, the nearest first; otherwise those after it.
        """


First = Callable[[Any, int, Cursor | None], Iterable[Any]]


def part_of(rows: Rows, ordering: Ordering, first: First = lambda rows, limit, _: rows[:limit]) -> Part:
    """Make a part of a query.

    :param first: how to get the first so many rows of it once it is sorted and, if there is a cursor in it, begins
        or ends there.
    """

    def part(cursor: Cursor | None, limit: int, *, back: bool) -> Iterable[Any]:
        found = rows.order_by(*_order(ordering, back=back))
        return first(found.filter(_beyond(ordering, cursor)) if cursor else found, limit, cursor)

    return part


class CursorPages(BasePagination):
    """Newest first unless told otherwise; the client may send `page_size` (at most 100) and `cursor`."""

    page_size = 20
    max_page_size = 100

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """Return a page, newest first."""
        return self.paginate([part_of(queryset, NEWEST)], request, NEWEST)

    def paginate(self, parts: Sequence[Part], request: Request, ordering: Ordering) -> list[Any]:
        """Return a page of a list.

        :param parts: the list, one after the other; no row may be in two of them.
        :raises ValidationError: if `page_size` or `cursor` is wrong.
        """
        self.address = request.build_absolute_uri()
        self.ordering = ordering
        size = self._page_size(request)
        cursor = _read_cursor(request.query_params.get("cursor"), ordering, len(parts))
        # One more than is shown tells whether there is another page.
        found = _rows(parts, cursor, size + 1)
        page, more = found[:size], found[size:]
        self.next = self.previous = None
        if cursor and cursor.back:
            self.next = Cursor(cursor.part, cursor.key)
            self.previous = self._place(more[0], back=True) if more else None
            page.reverse()
        else:
            self.next = self._place(page[-1]) if more else None
            self.previous = Cursor(cursor.part, cursor.key, back=True) if cursor else None
        return [row for _, row in page]

    def _place(self, found: tuple[int, Model], *, back: bool = False) -> Cursor:
        part, row = found
        return Cursor(part, tuple(getattr(row, name) for name, _ in self.ordering.key), back)

    def _page_size(self, request: Request) -> int:
        raw = request.query_params.get("page_size")
        if raw is None:
            return self.page_size
        if not re.fullmatch(r"[0-9]{1,3}", raw, re.ASCII) or not 1 <= int(raw) <= self.max_page_size:
            sentence = _("Write a whole number from 1 to %(max)s.") % {"max": self.max_page_size}
            raise ValidationError({"page_size": [sentence]}, code="invalid")
        return int(raw)

    def get_paginated_response(self, data: Any) -> Response:
        """Answer a page with the links to its neighbours."""
        return Response({"next": self._link(self.next), "previous": self._link(self.previous), "results": data})

    def _link(self, cursor: Cursor | None) -> str | None:
        if cursor is None:
            return None
        return replace_query_param(self.address, "cursor", _write_cursor(cursor, self.ordering))

    def continue_with(self, name: str, value: str) -> None:
        """Put another value of a parameter into the links."""
        self.address = replace_query_param(remove_query_param(self.address, name), name, value)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page."""
        link = {
            "type": "string",
            "nullable": True,
            "format": "uri",
            "example": f"https://shop.example.org/api/v1/…?cursor={_write_cursor(Cursor(0, (7,)), NEWEST)}",
        }
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Describe the parameters."""
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "A place in the list: take it from `next` or `previous`.",
                "schema": {"type": "string", "minLength": 1},
            },
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "description": "How many results a page has.",
                "schema": size,
            },
        ]


def _rows(parts: Sequence[Part], cursor: Cursor | None, limit: int) -> list[tuple[int, Any]]:
    """Read rows from the cursor on, with the numbers of their parts; backwards if the cursor says so."""
    back = cursor is not None and cursor.back
    start = cursor.part if cursor else 0
    found: list[tuple[int, Any]] = []
    for number in range(start, -1, -1) if back else range(start, len(parts)):
        here = cursor if cursor and number == cursor.part else None
        found += ((number, row) for row in parts[number](here, limit - len(found), back=back))
        if len(found) == limit:
            break
    return found


def _order(ordering: Ordering, *, back: bool) -> list[str]:
    minus = "-" if ordering.descending != back else ""
    return [minus + name for name, _ in ordering.key]


def _beyond(ordering: Ordering, cursor: Cursor) -> Any:
    # Rows are compared, (price, id) > (5, 7): that is one range of the index, which `price > 5 OR …` is not.
    columns = Func(*(F(name) for name, _ in ordering.key), function="ROW", output_field=BooleanField())
    values = Func(*(Value(value) for value in cursor.key), function="ROW", output_field=BooleanField())
    if cursor.back:
        return (GreaterThanOrEqual if ordering.descending else LessThanOrEqual)(columns, values)
    return (LessThan if ordering.descending else GreaterThan)(columns, values)


def _write_cursor(cursor: Cursor, ordering: Ordering) -> str:
    key = (str(value) if isinstance(value, Decimal) else value for value in cursor.key)
    text = json.dumps([ordering.name, int(cursor.back), cursor.part, *key], separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(raw: str | None, ordering: Ordering, parts: int) -> Cursor | None:
    """Read what `_write_cursor` wrote for this ordering; nothing else may reach the database."""
    if raw is None:
        return None
    try:
        __, back, part, *key = json.loads(urlsafe_b64decode(raw.encode("ascii") + b"==").decode())
        values = tuple(_value(value, of) for value, (_, of) in zip(key, ordering.key, strict=True))
        cursor = Cursor(part, values, bool(back))
        # One that is written the way it came is of this ordering, and has nothing else in it.
        if type(part) is int and part in range(parts) and _write_cursor(cursor, ordering) == raw:
            return cursor
    except (ValueError, TypeError, RecursionError):
        pass
    raise ValidationError({"cursor": [_("Take the cursor from `next` or `previous`.")]}, code="invalid")


def _value(value: Any, of: type[int | Decimal | str]) -> Any:
    """Check a value of a key.

    :raises ValueError: if no column could hold it.
    """
    if of is int and type(value) is int and 0 < value <= MAX_ID:
        return value
    if of is Decimal and isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}\.[0-9]{2}", value, re.ASCII):
        return Decimal(value)
    if of is str and isinstance(value, str) and "\0" not in value:
        return value
    raise ValueError
