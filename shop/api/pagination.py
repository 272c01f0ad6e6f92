"""Pages of a list, by cursor: page 1,000 costs what page 1 costs, and new rows shift nothing."""

import re
from base64 import b64decode
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


class NewestFirst(CursorPagination):
    """Newest first; `page_size` (at most 100) and `cursor` come from the client and are checked."""

    ordering = "-id"
    page_size = 20
    max_page_size = 100
    page_size_query_param = "page_size"

    def get_page_size(self, request: Request) -> int:
        """Read `page_size`.

        :raises ValidationError: if it is not a number from 1 to 100.
        """
        raw = request.query_params.get("page_size")
        if raw is None:
            return self.page_size
        if not re.fullmatch(r"[0-9]{1,3}", raw, re.ASCII) or not 1 <= int(raw) <= self.max_page_size:
            raise ValidationError(
                {"page_size": [f"Write a whole number from 1 to {self.max_page_size}."]}, code="invalid"
            )
        return int(raw)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Read `cursor`.

        :raises ValidationError: if it is not one that this list gave out.
        """
        raw = request.query_params.get("cursor")
        if raw is None:
            return None
        try:
            decoded = b64decode(raw.encode("ascii")).decode("ascii")
        except ValueError:
            decoded = ""
        # What DRF writes, with an id for the position; anything else would reach the database as it is.
        if not re.fullmatch(r"(o=[0-9]{1,4}&?)?(r=1&?)?(p=[0-9]{1,18})?", decoded, re.ASCII) or not decoded:
            raise ValidationError({"cursor": ["Take the cursor from `next` or `previous`."]}, code="invalid")
        cursor: Any = super().decode_cursor(request)
        return cursor  # type: ignore[no-any-return]  # the stubs leave Cursor's fields open
