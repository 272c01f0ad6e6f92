"""Pages of a list, by cursor: page 1,000 costs what page 1 costs, and rows that come or go shift nothing."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

Row = TypeVar("Row")
MAX_ID = 2**63 - 1


@dataclass(frozen=True)
class Ordering:
    """The columns that a list is sorted by, the last of them unique, with the Python types of their values."""

    name: str  # goes into the cursors: one of another ordering is refused
    key: tuple[tuple[str, type[int | Decimal | str]], ...]
    descending: bool = False


@dataclass(frozen=True)
class Cursor:
    """A place between two rows: right after the row with this key, in this part of the list."""

    part: int  # 0 in a list that has no parts
    key: tuple[Any, ...]
    back: bool = False  # read backwards, beginning with the row itself


NEWEST = Ordering("newest", (("id", int),), descending=True)


class CursorPages(BasePagination):
    """Newest first unless told otherwise; the client may send `page_size` (at most 100) and `cursor`."""

    page_size = 20
    max_page_size = 100

    def begin(self, request: Request, ordering: Ordering, parts: int = 1) -> tuple[Cursor | None, int]:
        """Return where to begin to read the list, and how many rows to read.

        Rows are read after the cursor, without one from the first on. If it points back: its own row and those before
        it, the nearest first.

        :param parts: how many parts the list has; each is sorted by itself, and they follow one another.
        :raises ValidationError: if `page_size` or `cursor` is wrong.
        """
        self.address = request.build_absolute_uri()
        self.ordering = ordering
        self.size = self._page_size(request)
        self.cursor = _read_cursor(request.query_params.get("cursor"), ordering, parts)
        # One more than is shown tells whether there is another page.
        return self.cursor, self.size + 1

    def page_of(self, rows: Sequence[Row]) -> list[Row]:
        """Return the page that these rows make, in the order of the list.

        :param rows: as many as `begin` said, or fewer. They have the columns of the ordering as attributes, and `part`
            if the list has parts.
        """
        cursor = self.cursor
        page, more = list(rows[: self.size]), rows[self.size :]
        self.next = self.previous = None
        if cursor and cursor.back:
            self.next = Cursor(cursor.part, cursor.key)
            self.previous = self._place(more[0], back=True) if more else None
            page.reverse()
        else:
            self.next = self._place(page[-1]) if more else None
            self.previous = Cursor(cursor.part, cursor.key, back=True) if cursor else None
        return page

    def _place(self, row: Any, *, back: bool = False) -> Cursor:
        key = tuple(getattr(row, name) for name, _ in self.ordering.key)
        return Cursor(getattr(row, "part", 0), key, back)

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
