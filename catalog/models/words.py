"""Words of the catalog."""

from django.db import models


class Word(models.Model):
    """Word of a product, a category or a synonym: a candidate for the correction of a search.

    Triggers add the words of each row (migrations 0004 and 0010). None is deleted: that would need a counter for each
    word, and edits of products with a common word would block each other. So a word may be in no product any more, and
    a correction checks that it finds something.
    """

    word = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.word
