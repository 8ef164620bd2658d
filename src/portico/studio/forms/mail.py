"""Mails entries to a form's recipients, out of the database: an entry waits there until its mail is gone.

A mail that was handed over just before a crash is sent again with the same Message-ID, by which mail programs
know it: no nearer to "once" can mail come.
"""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core import mail
from django.core.mail.message import EmailMessage
from django.db.models import Min
from django.utils import translation
from django.utils.translation import gettext as _

from portico.studio.models.forms import Deliveries, Delivery, FormPage

LEASE = timedelta(minutes=5)
FIRST_PAUSE_S = 30
LONGEST_PAUSE_S = 3600


def is_set_up() -> bool:
    return bool(settings.EMAIL_HOST)


def send_one(now: datetime) -> str | None:
    """Send the mail that waits longest: None when none is due, else what went wrong, or nothing."""
    due = _waiting().filter(mail_after__lte=now).order_by("mail_after", "pk")
    entry = due.select_related("form__page").first()
    if entry is None or not is_set_up():
        return None
    # compare and set: nobody else sends it meanwhile, and if we die it is due again when the lease is over
    leased = Delivery.objects.filter(pk=entry.pk, mail_after=entry.mail_after)
    if not leased.update(mail_after=now + LEASE):
        return ""
    try:
        _send(entry)
    except (OSError, smtplib.SMTPException) as error:
        tries = entry.mail_tries + 1
        pause = timedelta(seconds=min(FIRST_PAUSE_S * 2 ** min(tries, 20), LONGEST_PAUSE_S))
        Delivery.objects.filter(pk=entry.pk).update(mail_after=now + pause, mail_tries=tries)
        return f"{type(error).__name__}: {error}"
    Delivery.objects.filter(pk=entry.pk).update(mailed_at=now)
    return ""


def waiting(now: datetime) -> tuple[int, float]:
    """How many mails wait, and for how many seconds the oldest."""
    if not is_set_up():
        return 0, 0.0
    found = _waiting()
    oldest = found.aggregate(oldest=Min("delivered_at"))["oldest"]
    return found.count(), max(0.0, (now - oldest).total_seconds()) if oldest else 0.0


def composed(entry: Delivery, page: FormPage) -> EmailMessage:
    """Plain text alone, and nothing that a visitor wrote in a header but an address that was checked."""
    with translation.override(page.locale.language_code):
        return _composed(entry, page)


def _composed(entry: Delivery, page: FormPage) -> EmailMessage:
    labels = {field.clean_name: field.label for field in page.get_form_fields()}
    lines = [f"{labels.get(name, name)}: {_text(value)}" for name, value in entry.fields.items()]
    at = {"day": f"{entry.received_at:%Y-%m-%d}", "time": f"{entry.received_at:%H:%M}"}
    told = _("Sent by the form of %(page)s on %(day)s at %(time)s UTC.") % {"page": _address(page), **at}
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return EmailMessage(
        subject=" ".join((_("%(form)s: a new entry") % {"form": page.title}).split()),
        body="\n\n".join([*lines, f"-- \n{told}"]),
        to=[address.strip() for address in page.recipients.split(",") if address.strip()],
        reply_to=[entry.sender] if entry.sender else None,
        headers={"Message-ID": f"<{entry.key}@{domain}>", "Auto-Submitted": "auto-generated"},
    )


def _address(page: FormPage) -> str:
    """As visitors know it; Wagtail's own site record may name another host."""
    parts = page.get_url_parts()
    return f"{settings.HERE.site.rstrip('/')}{parts[2]}" if parts and parts[2] else page.title


def _send(entry: Delivery) -> None:
    page = entry.form.page.specific if entry.form.page else None
    if isinstance(page, FormPage) and page.recipients:
        mail.get_connection().send_messages([composed(entry, page)])


def _waiting() -> Deliveries:
    """Spam keeps its turn, which counts when an editor says that it is none."""
    return Delivery.objects.kept().filter(mailed_at=None, mail_after__isnull=False, spam=False)


def _text(value: str | list[str]) -> str:
    text = value if isinstance(value, str) else ", ".join(value)
    return f"\n{text}" if "\n" in text else text
