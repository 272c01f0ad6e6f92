"""E-mail channel: addresses are mailboxes, one e-mail per notification."""

from collections.abc import Sequence
from smtplib import SMTPException
from types import TracebackType
from typing import Self

from django.core.mail import EmailMessage
from django.utils.translation import gettext_lazy as _

from notifications import texts
from notifications.channels import Receipt, Unreachable
from notifications.models import Notification


class Email:
    """Channel over Django's mail backend, with a connection for each e-mail."""

    label = _("e-mail")
    batch = 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Do nothing: no connection is kept."""

    def send(self, address: str, notifications: Sequence[Notification]) -> Receipt:
        """Send an e-mail.

        :raises Unreachable: if the mail server did not take it.
        """
        (notification,) = notifications
        subject, text = texts.plain(notification)
        try:
            EmailMessage(subject, text, to=[address]).send()
        except (SMTPException, OSError) as error:
            raise Unreachable(f"The mail server did not take it ({type(error).__name__}).") from error
        return Receipt()
