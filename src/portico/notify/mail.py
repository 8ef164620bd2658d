"""Mail: Apprise reads the address and composes, the handing over is ours.

Apprise makes up a new Message-ID each time and tells no codes; copies must be known by theirs, and a wrong
password must be told from a busy server.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from typing import Any

from portico.notify.failure import Failure
from portico.notify.message import Message

TIMEOUT_S = 10.0


def send(service: Any, message: Message) -> Failure | None:
    """Hand `message` to the server, one mail for each receiver; `service` is Apprise's NotifyEmail."""
    try:
        with connected(service) as server:
            refused = [
                refusal
                for mail in _composed(service, message)
                for refusal in server.sendmail(service.from_addr[1], *mail).items()
            ]
    except smtplib.SMTPException as error:
        return understood(error)
    except OSError as error:
        return Failure(f"{service.smtp_host} could not be reached: {error.strerror or error}")
    if not refused:
        return None
    receiver, (code, _) = refused[0]
    return _refused(receiver, code)


def connected(service: Any) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if not service.verify_certificate:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    host, port = service.smtp_host, service.port
    if service.secure_mode == "ssl":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
    try:
        if service.secure_mode == "starttls":
            server.starttls(context=context)
        if service.user and service.password:
            server.login(service.user, service.password)
    except BaseException:
        server.close()
        raise
    return server


def _composed(service: Any, message: Message) -> list[tuple[list[str], str]]:
    """The receivers and the text of each mail, with this message's own id in it."""
    domain = service.from_addr[1].rpartition("@")[2]
    thread = f"<{message.thread}@{domain}>"
    mails = service.prepare_emails(
        subject=message.title,
        body=message.text,
        from_addr=service.from_addr,
        to=service.targets,
        cc=service.cc,
        bcc=service.bcc,
        reply_to=service.reply_to,
        smtp_host=service.smtp_host,
        notify_format="text",
        headers={
            "Auto-Submitted": "auto-generated",
            "References": thread,
            "In-Reply-To": thread,
            "X-Priority": "1" if message.severity == "critical" and not message.over else "3",
            **service.headers,
        },
        names=service.names,
        pgp=service.pgp,
        pgp_mode=service.pgp_mode,
    )
    ours = f"Message-ID: <{message.id}@{domain}>"
    return [
        (
            mail.to_addrs,
            re.sub(
                r"^Message-ID:.*(\n[ \t].*)*", ours, mail.body, count=1, flags=re.MULTILINE | re.IGNORECASE
            ),
        )
        for mail in mails
    ]


def understood(error: smtplib.SMTPException) -> Failure:
    match error:
        case smtplib.SMTPRecipientsRefused():
            receiver, (code, _) = next(iter(error.recipients.items()))
            return _refused(receiver, code)
        case smtplib.SMTPDataError():
            return _answered("the server answered", error.smtp_code, for_all=False)
        case smtplib.SMTPAuthenticationError():
            return _answered("the server refused the login with", error.smtp_code)
        case smtplib.SMTPResponseException():
            return _answered("the server answered", error.smtp_code)
        case smtplib.SMTPNotSupportedError():
            said = f"the server can't do what the address asks for: {error}"
            return Failure(said, temporary=False, for_all=True)
    return Failure("the server closed the connection or gave no answer")


def _refused(receiver: str, code: int) -> Failure:
    return _answered(f"the receiver {receiver} was refused with", code, for_all=False)


def _answered(said: str, code: int, *, for_all: bool = True) -> Failure:
    return Failure(f"{said} {code}", temporary=_temporary(code), for_all=for_all, code=code)


def _temporary(code: int) -> bool:
    """By RFC 5321: 4yz may succeed later, 5yz won't."""
    return code < 500
