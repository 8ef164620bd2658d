"""The mail server, as Wagtail and the forms' mails use it; `mailing.settings` names it to Django."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence

from django.core.mail.backends import smtp
from django.core.mail.message import EmailMessage


class Backend(smtp.EmailBackend):
    """Says that it can't be reached when something is sent, and then at once.

    Wagtail opens the connection where it expects no failure: an editor who comments or submits would read
    that the studio is broken, while only the mail to the others is.
    """

    failed: Exception | None = None

    def open(self) -> bool | None:
        try:
            return super().open()
        except (OSError, smtplib.SMTPException) as error:
            self.failed = error
            return None

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = 0 if self.failed else super().send_messages(email_messages)
        if self.failed:
            raise self.failed
        return sent
