"""Staff sign-in: lockout after failed attempts (django-axes), and one password hash at a time.

The limits are 5 failures per user name and address (an attacker who knows the owner's name cannot lock the owner out
at another address), and 20 per address for all names together. A refused attempt computes no hash.
"""

import threading
from http import HTTPStatus
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User

# A failure counts a quarter for its address: 20 of them reach AXES_FAILURE_LIMIT (5).
ADDRESS_SHARE = 4

# scrypt takes 100 ms and 16 MB. A process has four threads: hashing in all of them would block orders.
_hashing = threading.Lock()


class PasswordBackend(ModelBackend):
    """Password backend that checks one password at a time in each process."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Return the user if the password is right.

        :raises ValidationError: if another password is being checked; the form shows it, no failure is counted.
        """
        if not _hashing.acquire(blocking=False):
            raise ValidationError(_("Somebody else is signing in right now. Try again in a few seconds."), code="busy")
        try:
            return super().authenticate(request, username, password, **kwargs)
        finally:
            _hashing.release()


class SignInFailures(AxesDatabaseHandler):  # type: ignore[misc]  # axes ships no types
    """Failed sign-ins in the database, counted across all processes and machines."""

    def get_failures(self, request: Any, credentials: dict[str, Any] | None = None) -> int:
        """Return the number of failures to compare with AXES_FAILURE_LIMIT."""
        recent = AccessAttempt.objects.filter(
            ip_address=request.axes_ip_address, attempt_time__gt=get_cool_off_threshold(request)
        )
        failures = recent.aggregate(
            all=Sum("failures_since_start", default=0),
            of_name=Sum("failures_since_start", filter=Q(username=name_digest(request, credentials)), default=0),
        )
        return int(max(failures["of_name"], failures["all"] // ADDRESS_SHARE))

    def clean_expired_user_attempts(self, request: Any = None, credentials: dict[str, Any] | None = None) -> int:
        """Delete the expired failures of this address; a job deletes the others, as the time has no index."""
        expired = AccessAttempt.objects.filter(
            ip_address=request.axes_ip_address, attempt_time__lte=get_cool_off_threshold(request)
        )
        return int(expired.delete()[0])


def forget_expired_failures() -> int:
    """Delete all expired failures; return their number."""
    expired = AccessAttempt.objects.filter(attempt_time__lte=timezone.now() - settings.AXES_COOLOFF_TIME)
    return int(expired.delete()[0])


def name_digest(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return a keyed hash of the user name for the failure record: people type passwords into that field."""
    name = credentials.get("username") if credentials else request.POST.get("username")
    return salted_hmac("accounts.sign_in", name or "", algorithm="sha256").hexdigest()


def refusal(request: HttpRequest, _response: HttpResponse | None, _credentials: dict[str, Any] | None) -> HttpResponse:
    """Return the 429 page of a locked-out attempt: cheap to render, because attackers request it most."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    context = {"minutes": seconds // 60, "language": get_language()}
    response = render(request, "admin/sign_in_refused.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(seconds)
    return response
