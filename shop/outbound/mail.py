"""E-mail over SMTP with a timeout for the whole session.

EMAIL_TIMEOUT limits the time between two bytes: a server that sends its greeting byte by byte would block a job slot of
the worker for ever.
"""

import io
import smtplib
from time import monotonic
from typing import Any

from django.core.mail.backends import smtp

from shop.outbound.timed_reader import TimedReader

SESSION_TIMEOUT = 30.0  # seconds, from the connection to the last reply; enough for a slow mail server


class TimedReplies:
    """Mixin of an SMTP client with a deadline for all replies of a session."""

    sock: Any
    file: Any

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._until = monotonic() + SESSION_TIMEOUT
        super().__init__(*arguments, **options)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:  # at the first reply, and after STARTTLS
            self.file = io.BufferedReader(TimedReader(self.sock, self._until))
        reply: tuple[int, bytes] = super().getreply()  # type: ignore[misc]  # smtplib's
        return reply


class TimedSMTP(TimedReplies, smtplib.SMTP):
    """SMTP, unencrypted or with STARTTLS."""


class TimedSMTPOverTLS(TimedReplies, smtplib.SMTP_SSL):
    """SMTP over TLS from the start."""


class EmailBackend(smtp.EmailBackend):
    """Django's SMTP backend with a deadline for each session."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return TimedSMTPOverTLS if self.use_ssl else TimedSMTP
