"""What accounts do when something happens elsewhere."""

from typing import Any

from axes.models import AccessAttempt
from django.db.models.signals import pre_save
from django.dispatch import receiver


@receiver(pre_save, sender=AccessAttempt)
def keep_no_form(instance: AccessAttempt, **_signal: Any) -> None:
    """Leave what was sent out of the record of a failed sign-in: axes masks the fields it knows, and keeps the rest."""
    instance.get_data = instance.post_data = instance.http_accept = ""
