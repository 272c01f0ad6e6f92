"""What the rules of the shop say no with."""

from typing import Any, ClassVar


class DomainError(Exception):
    """A rule of the shop that was not kept; the API answers it as a problem with `code` and `data`."""

    status: ClassVar[int] = 409
    code: ClassVar[str]

    def __init__(self, detail: str, **data: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.data = data
