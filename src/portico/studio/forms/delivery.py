"""Takes what a visitor sent into the database: once, whatever comes between and however often it is tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from portico.studio.forms import names
from portico.studio.models.forms import Delivery, Form, FormPage

KEEP_DAYS = 90
"""Of entries whose page is gone."""

Fields = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Sent:
    key: str
    form: str
    received_at: datetime
    fields: Fields
    spam: bool
    why: str
    language: str


def of(body: Mapping[str, Any]) -> Sent:
    """Raises KeyError, TypeError or ValueError where something is missing or of another kind."""
    fields = body["fields"]
    if not isinstance(fields, dict):
        raise TypeError("expected fields by name")
    return Sent(
        key=str(body["key"]),
        form=str(body["form"]),
        received_at=datetime.fromtimestamp(float(body["received_at"]), UTC),
        fields=fields,
        spam=bool(body.get("spam", False)),
        why=str(body.get("why", "")),
        language=str(body.get("language", "")),
    )


def take(sent: Sent) -> bool:
    """Whether it is new. Raises Form.DoesNotExist where no form has this name."""
    form = _form(sent.form)
    page = form.page.specific if form.page else None
    kept = page if isinstance(page, FormPage) else None
    _, new = Delivery.objects.get_or_create(key=sent.key, defaults=_columns(sent, form, kept))
    return new


def _form(name: str) -> Form:
    if name == names.DRILL:
        return Form.objects.get_or_create(name=name)[0]
    return Form.objects.select_related("page").get(name=name)


def drilled(run: str, *, forget: bool) -> list[str]:
    """The tokens of a drill's entries, one for each; deleted afterwards where it is so asked."""
    entries = Delivery.objects.filter(form__name=names.DRILL, fields__token__startswith=f"{run}-")
    found = [str(fields["token"]) for fields in entries.values_list("fields", flat=True)]
    if forget:
        entries.really_delete()
    return found


def probe(sent: Sent) -> None:
    """Do all that a delivery does, and leave nothing: the watcher's own posts end here."""
    with transaction.atomic():
        form = Form.objects.create(name=names.PROBE)
        Delivery.objects.create(key=sent.key, **_columns(sent, form, None))
        transaction.set_rollback(True)


def addresses(fields: Fields) -> Iterator[str]:
    """The mail addresses among the values, in small letters."""
    for value in fields.values():
        text = value.strip().lower() if isinstance(value, str) else ""
        if "@" in text and _is_address(text):
            yield text


def _columns(sent: Sent, form: Form, page: FormPage | None) -> dict[str, Any]:
    now = timezone.now()
    keep = page.keep_days if page else KEEP_DAYS
    return {
        "form": form,
        "language": sent.language[:12],
        "received_at": sent.received_at,
        "erase_at": sent.received_at + timedelta(days=keep),
        "fields": dict(sent.fields),
        "sender": next(addresses(sent.fields), ""),
        "spam": sent.spam,
        "why": sent.why[:120],
        "mail_after": now if page and page.recipients and not sent.spam else None,
    }


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254
