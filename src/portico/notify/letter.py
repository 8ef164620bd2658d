"""A mail to one person who asked for it, rather than to our team; handed over by a channel's server."""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any

from portico.notify import mail
from portico.notify.failure import Failure

_LONGEST_LINE = 900
"""Of what RFC 5322 allows: programs that look for an address in a header find it in one piece."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Plain text. `id` is the same whenever it is sent again; `sender` empty takes the channel's."""

    to: str
    subject: str
    text: str
    id: str
    sender: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Round:
    """Mails handed over one after the other, through one connection for as long as the server keeps it.

    `service` is Apprise's NotifyEmail, asked for its server alone. One that isn't there is asked once.
    """

    def __init__(self, service: Any) -> None:
        self._service = service
        self._server: smtplib.SMTP | None = None
        self._absent: Failure | None = None

    def send(self, letter: Mail) -> Failure | None:
        sender = letter.sender or self._service.from_addr[1]
        try:
            made = composed(letter, sender)
        except (ValueError, LookupError):  # LookupError is the header parser's
            return Failure("no mail can be written to this address", temporary=False)
        if self._absent:
            return self._absent
        try:
            server = self._there()
        except (OSError, ValueError) as error:
            self._absent = self._understood(error)
            return self._absent
        try:
            server.send_message(made, sender, [letter.to])
        except (OSError, ValueError) as error:
            return self._understood(error)
        return None

    def close(self) -> None:
        """Part as the protocol has it, from whoever is still there."""
        server, self._server = self._server, None
        if server is None:
            return
        with contextlib.suppress(OSError):  # which is smtplib's own errors, too
            server.quit()
        server.close()

    def _there(self) -> smtplib.SMTP:
        """A server may end a connection between two mails, as many do after some; then it is another one."""
        if self._server is not None and not _is_there(self._server):
            self.close()
        if self._server is None:
            self._server = mail.connected(self._service)
        return self._server

    def _understood(self, error: Exception) -> Failure:
        if isinstance(error, smtplib.SMTPException):
            return mail.understood(error)
        host = self._service.smtp_host
        return Failure(f"{host} could not be reached: {getattr(error, 'strerror', '') or error}")


def _is_there(server: smtplib.SMTP) -> bool:
    try:
        return server.rset()[0] == 250
    except OSError:
        return False


def composed(letter: Mail, sender: str) -> EmailMessage:
    """Raises ValueError or LookupError for what the header's parser takes for no address, or another one."""
    made = EmailMessage(policy.SMTP.clone(max_line_length=_LONGEST_LINE))
    made["From"], made["To"], made["Subject"] = sender, letter.to, " ".join(letter.subject.split())
    if str(made["To"]) != letter.to:
        raise ValueError("the address is another one in a header")
    made["Date"] = formatdate(localtime=False)
    made["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    made.set_content(letter.text + "\n")  # which takes every header that begins with Content away
    for name, value in letter.headers.items():
        made[name] = value
    return made
