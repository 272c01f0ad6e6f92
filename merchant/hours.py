"""Opening hours of a week, in the time zone of the shop (TIME_ZONE)."""

from datetime import time
from typing import NamedTuple

from django.db import models
from django.db.models import F, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

DAYS = {
    "monday": _("Monday"),
    "tuesday": _("Tuesday"),
    "wednesday": _("Wednesday"),
    "thursday": _("Thursday"),
    "friday": _("Friday"),
    "saturday": _("Saturday"),
    "sunday": _("Sunday"),
}


class Hours(NamedTuple):
    """Hours of one day; both times are None if the shop is closed."""

    day: str  # a key of DAYS
    opens: time | None
    closes: time | None


def _opens(day: str) -> "models.TimeField[time | None, time | None]":
    return models.TimeField(format_lazy(_("{day}: opens"), day=DAYS[day]), null=True, blank=True)


def _closes(day: str) -> "models.TimeField[time | None, time | None]":
    return models.TimeField(format_lazy(_("{day}: closes"), day=DAYS[day]), null=True, blank=True)


def _is_closed_or_ends_after_it_begins(day: str) -> models.CheckConstraint:
    opens, closes = f"{day}_opens", f"{day}_closes"
    closed = Q(**{f"{opens}__isnull": True, f"{closes}__isnull": True})
    # Without `isnull=False` a comparison with NULL is NULL, and PostgreSQL accepts the row.
    open_for_a_while = Q(**{f"{opens}__isnull": False, f"{closes}__isnull": False, f"{opens}__lt": F(closes)})
    return models.CheckConstraint(
        condition=closed | open_for_a_while,
        name=f"%(app_label)s_%(class)s_{day}",
        violation_error_message=format_lazy(
            _("{day}: write both times, the closing time after the opening time, or leave both empty."), day=DAYS[day]
        ),
    )


class OpeningHours(models.Model):
    """Columns of the opening hours: a time to open and a time to close for each day of the week."""

    monday_opens, monday_closes = _opens("monday"), _closes("monday")
    tuesday_opens, tuesday_closes = _opens("tuesday"), _closes("tuesday")
    wednesday_opens, wednesday_closes = _opens("wednesday"), _closes("wednesday")
    thursday_opens, thursday_closes = _opens("thursday"), _closes("thursday")
    friday_opens, friday_closes = _opens("friday"), _closes("friday")
    saturday_opens, saturday_closes = _opens("saturday"), _closes("saturday")
    sunday_opens, sunday_closes = _opens("sunday"), _closes("sunday")

    class Meta:
        abstract = True
        constraints = [_is_closed_or_ends_after_it_begins(day) for day in DAYS]

    @property
    def hours(self) -> list[Hours]:
        """The hours of seven days, from Monday."""
        return [Hours(day, getattr(self, f"{day}_opens"), getattr(self, f"{day}_closes")) for day in DAYS]
