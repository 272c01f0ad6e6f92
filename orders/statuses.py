"""Statuses of an order in one table: labels, colours, transitions, and the buttons of staff.

A new status is a row here, a migration (`manage.py makemigrations`) and its texts in `locale/`. The choices and
constraints of the models, the transitions, and the buttons and bulk actions of the admin come from it.
"""

from typing import TYPE_CHECKING, NamedTuple, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class Step(NamedTuple):
    """Step with which staff move an order to a status: a button of its page, and a bulk action of the list."""

    name: str
    label: "StrPromise"
    icon: str  # of Material Symbols


class Status(models.TextChoices):
    """Status of an order.

    A row is: value, colour of the label (unfold's names), next statuses (the usual one first), the step that leads to
    this status, label.
    """

    colour: str
    may_become: tuple[str, ...]
    step: Step | None

    # The defaults are for type checkers only, which check Status("new") against this signature.
    def __new__(cls, value: str, colour: str = "", may_become: tuple[str, ...] = (), step: Step | None = None) -> Self:
        status = str.__new__(cls, value)
        status._value_ = value
        status.colour, status.may_become, status.step = colour, may_become, step
        return status

    NEW = "new", "info", ("confirmed", "cancelled"), None, _("new")
    CONFIRMED = "confirmed", "warning", ("shipped", "cancelled"), Step("confirm", _("Confirm"), "check"), _("confirmed")
    SHIPPED = "shipped", "primary", ("completed", "cancelled"), Step("ship", _("Ship"), "local_shipping"), _("shipped")
    COMPLETED = "completed", "success", (), Step("complete", _("Complete"), "done_all"), _("completed")
    CANCELLED = "cancelled", "danger", (), Step("cancel", _("Cancel the order"), "close"), _("cancelled")

    @classmethod
    def timeline(cls) -> list[Self]:
        """Return the statuses of an order from the first to the last, without cancellation."""
        passed: list[Self] = [next(iter(cls))]
        while passed[-1].may_become:
            passed.append(cls(passed[-1].may_become[0]))
        return passed


CANCELLED_BY_CUSTOMER_FROM = Status.NEW  # later only staff cancel an order
