"""Base class of business-rule errors."""

from typing import Any, ClassVar


class DomainError(Exception):
    """Base class of business-rule errors; the API returns them as problems with `code` and `data`."""

    status: ClassVar[int] = 409
    code: ClassVar[str]

    def __init__(self, detail: str, **data: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.data = data
