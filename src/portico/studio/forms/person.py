"""What is kept of a person, found by the address: handed out, or erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portico.studio.forms import delivery
from portico.studio.models.forms import Deliveries, Delivery


def export(address: str) -> list[dict[str, Any]]:
    """Everything that was sent with this address in any of its fields, the oldest first."""
    entries = _of(address).select_related("form").order_by("received_at")
    return [
        {
            "key": entry.key,
            "form": entry.form.name,
            "received_at": entry.received_at.isoformat(timespec="seconds"),
            "erase_at": entry.erase_at.isoformat(timespec="seconds"),
            "spam": entry.spam,
            "mailed_at": entry.mailed_at.isoformat(timespec="seconds") if entry.mailed_at else None,
            "fields": entry.fields,
        }
        for entry in entries
    ]


def erase(address: str, now: datetime) -> int:
    """How many entries there were."""
    return _of(address).erase(now)


def forget(now: datetime) -> int:
    """Erase what is kept for longer than its form says; how many there were."""
    return Delivery.objects.filter(erase_at__lte=now).erase(now)


def _of(address: str) -> Deliveries:
    wanted = address.strip().lower()
    rows = Delivery.objects.kept().exclude(sender="").values_list("pk", "fields").iterator()
    found = [pk for pk, fields in rows if wanted in delivery.addresses(fields)]
    return Delivery.objects.filter(pk__in=found)
