"""Cursor pagination: page 1,000 costs as much as page 1, and added or deleted rows do not shift the pages."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

Row = TypeVar("Row")
MAX_ID = 2**63 - 1
MAX_CURSOR = 2000  # characters; a name of 200 letters takes up to half of it
PAGE_PARAMETERS = ("cursor", "page_size")


@dataclass(frozen=True)
class Ordering:
    """Sort columns of a list, the last one unique, with the Python types of their values."""

    name: str  # part of each cursor: a cursor of another ordering is refused
    key: tuple[tuple[str, type[int | Decimal | str]], ...]
    descending: bool = False


@dataclass(frozen=True)
class Cursor:
    """Position in a list: right after the row with this key, in this part of the list."""

    part: int  # 0 in a list without parts
    key: tuple[Any, ...]
    back: bool = False  # read backwards, starting with the row itself


NEWEST = Ordering("newest", (("id", int),), descending=True)


class CursorPages(BasePagination):
    """Cursor pagination, newest first by default, with the parameters `page_size` (at most 100) and `cursor`."""

    page_size = 20
    max_page_size = 100

    def begin(self, request: Request, ordering: Ordering, parts: int = 1) -> tuple[Cursor | None, int]:
        """Return the cursor to read from and the number of rows to read.

        Rows are read after the cursor; without one, from the first row. If it points back: its own row and the rows
        before it, the nearest first.

        :param parts: the number of parts of the list, which follow one another, each with its own order.
        :raises ValidationError: if `page_size` or `cursor` is wrong.
        """
        # Not build_absolute_uri and DRF's replace_query_param: they parse and quote the URL three times for each link.
        self.address = f"{request.scheme}://{request.get_host()}{request.path}"
        self.parameters = dict(request.query_params.lists())
        self.ordering = ordering
        self.size = self._page_size(request)
        self.cursor = _read_cursor(request.query_params.get("cursor"), ordering, parts)
        # One more row than shown, to know whether there is another page.
        return self.cursor, self.size + 1

    def page_of(self, rows: Sequence[Row]) -> list[Row]:
        """Return the page of these rows, in the order of the list.

        :param rows: at most as many as `begin` returned. They have the columns of the ordering as attributes, and
            `part` if the list has parts.
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
        """Return a page with links to the next and the previous one."""
        return Response({"next": self._link(self.next), "previous": self._link(self.previous), "results": data})

    def _link(self, cursor: Cursor | None) -> str | None:
        if cursor is None:
            return None
        parameters = self.parameters | {"cursor": [_write_cursor(cursor, self.ordering)]}
        return f"{self.address}?{urlencode(sorted(parameters.items()), doseq=True)}"

    def continue_with(self, name: str, value: str) -> None:
        """Replace the value of a parameter in the links."""
        self.parameters[name] = [value]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the OpenAPI schema of a page."""
        link = {
            "type": ["string", "null"],
            "format": "uri",
            "example": f"https://shop.example.org/api/v1/list?cursor={_write_cursor(Cursor(0, (7,)), NEWEST)}",
        }
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Return the OpenAPI parameters."""
        size = {
            "type": "integer",
            "format": "int32",
            "minimum": 1,
            "maximum": self.max_page_size,
            "default": self.page_size,
        }
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "Position in the list: follow `next` or `previous`.",
                "schema": {"type": "string", "minLength": 1, "maxLength": MAX_CURSOR, "pattern": "^[A-Za-z0-9_-]+$"},
            },
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "description": "Maximum number of results in a page.",
                "schema": size,
            },
        ]


def _write_cursor(cursor: Cursor, ordering: Ordering) -> str:
    key = (str(value) if isinstance(value, Decimal) else value for value in cursor.key)
    text = json.dumps([ordering.name, int(cursor.back), cursor.part, *key], separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(raw: str | None, ordering: Ordering, parts: int) -> Cursor | None:
    """Parse a cursor that `_write_cursor` wrote for this ordering; other values must not reach the database."""
    if raw is None:
        return None
    try:
        if len(raw) > MAX_CURSOR:
            raise ValueError
        __, back, part, *key = json.loads(urlsafe_b64decode(raw.encode("ascii") + b"==").decode())
        values = tuple(_value(value, of) for value, (_, of) in zip(key, ordering.key, strict=True))
        cursor = Cursor(part, values, bool(back))
        # A cursor that is serialized to the same text is valid for this ordering.
        if type(part) is int and part in range(parts) and _write_cursor(cursor, ordering) == raw:
            return cursor
    except (ValueError, TypeError, RecursionError):
        pass
    raise ValidationError({"cursor": [_("Take the cursor from `next` or `previous`.")]}, code="invalid")


def _value(value: Any, of: type[int | Decimal | str]) -> Any:
    """Validate a value of a key.

    :raises ValueError: if it does not fit the column.
    """
    if of is int and type(value) is int and 0 < value <= MAX_ID:
        return value
    if of is Decimal and isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}\.[0-9]{2}", value, re.ASCII):
        return Decimal(value)
    if of is str and isinstance(value, str) and "\0" not in value:
        return value
    raise ValueError
