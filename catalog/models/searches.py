"""What staff teach the search, and what it could not find."""

import unicodedata

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.freshness.triggers import on_rows, on_truncate


class Synonym(models.Model):
    """Group of words that mean the same: a search for one of them finds the products with any of them.

    Searches read the groups from the database, and the trigger moves the revision, so a change takes effect at once.
    """

    words = models.CharField(
        _("words"),
        max_length=500,
        unique=True,
        help_text=_("Words that mean the same, with commas between them: cup, mug."),
    )

    class Meta:
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")
        constraints = [
            models.CheckConstraint(
                condition=Q(words__regex=r"^[[:alnum:]]+(, [[:alnum:]]+){1,19}$"),
                name="catalog_synonym_words",
                violation_error_message=_(
                    "Write 2 to 20 single words of letters and digits, with commas between them."
                ),
            )
        ]
        triggers = [
            on_rows(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, name="catalog_synonym_rows"),
            on_truncate(name="catalog_synonym_truncated"),
        ]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        """Write the words evenly: in lower case, each once, with a comma and a space between them."""
        words = (" ".join(word.split()) for word in unicodedata.normalize("NFKC", self.words).lower().split(","))
        self.words = ", ".join(dict.fromkeys(word for word in words if word))


class FailedSearch(models.Model):
    """Search that found nothing, counted: what customers look for and the shop does not have, or calls otherwise.

    catalog.search.failures writes the rows, and limits their number and their age. Staff see them, customers do not:
    they do not move the revision.
    """

    query = models.CharField(_("search"), max_length=60, unique=True)
    count = models.PositiveIntegerField(_("how often"))
    last_at = models.DateTimeField(_("last time"))

    class Meta:
        verbose_name = _("search without results")
        verbose_name_plural = _("searches without results")
        constraints = [
            models.CheckConstraint(
                condition=Q(count__gte=1),
                name="catalog_failedsearch_counted",
                violation_error_message=_("A search that is listed was made at least once."),
            )
        ]

    def __str__(self) -> str:
        return self.query
