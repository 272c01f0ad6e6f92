"""Revision of the catalog."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Revision(models.Model):
    """Revision of the catalog: one row, whose value changes with each commit that changes public data.

    Triggers of the other models change it and notify listeners, so that no way of writing is missed.
    """

    id = models.SmallIntegerField(primary_key=True)
    value = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="catalog_revision_one_row",
                violation_error_message=_("There is one revision."),
            )
        ]

    def __str__(self) -> str:
        return str(self.value)
