"""A mail to one person who asked for it, rather than to our team; handed over by a channel's server."""

from __future__ import annotations

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


def send(service: Any, letter: Mail) -> Failure | None:
    """`service` is Apprise's NotifyEmail, asked for its server alone."""
    sender = letter.sender or service.from_addr[1]
    try:
        made = composed(letter, sender)
    except (ValueError, LookupError):  # LookupError is the header parser's
        return Failure("no mail can be written to this address", temporary=False)
    try:
        with mail.connected(service) as server:
            server.send_message(made, sender, [letter.to])
    except smtplib.SMTPException as error:
        return mail.understood(error)
    except (OSError, ValueError) as error:
        return Failure(f"{service.smtp_host} could not be reached: {getattr(error, 'strerror', '') or error}")
    return None


def composed(letter: Mail, sender: str) -> EmailMessage:
    """Raises ValueError or LookupError for what the header's parser takes for no address, or another one."""
    made = EmailMessage(policy.SMTP.clone(max_line_length=_LONGEST_LINE))
    made["From"], made["To"], made["Subject"] = sender, letter.to, " ".join(letter.subject.split())
    if str(made["To"]) != letter.to:
        raise ValueError("the address is another one in a header")
    made["Date"] = formatdate(localtime=False)
    made["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    for name, value in letter.headers.items():
        made[name] = value
    made.set_content(letter.text + "\n")
    return made
