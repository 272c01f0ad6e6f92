"""Signal receivers of accounts."""

from typing import Any

from axes.models import AccessAttempt
from django.db.models.signals import pre_save
from django.dispatch import receiver


@receiver(pre_save, sender=AccessAttempt)
def keep_no_form(instance: AccessAttempt, **_signal: Any) -> None:
    """Clear the form data of a failed sign-in before it is saved: axes masks only the fields that it knows."""
    instance.get_data = instance.post_data = instance.http_accept = ""
