"""What the links' keeper found: broken ones inside in a file of the studio, outside ones in a table."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from portico.studio.editing.links import scan
from portico.studio.models import OutsideLink

"""Answers of a server that is tired or that doesn't like robots are no broken link."""
NOT_BROKEN = {401, 403, 405, 406, 408, 425, 429, 999}


@dataclass(frozen=True, slots=True)
class Found:
    """As `scan.Found`, and when it was looked."""

    revision: str
    at: float
    broken: tuple[scan.Broken, ...]
    outside: dict[str, list[str]]


def read() -> Found | None:
    try:
        told = json.loads(_file().read_bytes())
    except (OSError, ValueError):
        return None
    broken = tuple(scan.Broken(**one) for one in told["broken"])
    return Found(told["revision"], told["at"], broken, told["outside"])


def broken() -> tuple[scan.Broken, ...]:
    found = read()
    return found.broken if found else ()


def failing() -> QuerySet[OutsideLink]:
    """Outside links that have no good answer, of those that the site has now."""
    found = read()
    now = found.outside if found else {}
    bad = OutsideLink.objects.filter(failing_since__isnull=False).exclude(status__in=NOT_BROKEN)
    return bad.filter(url__in=list(now)) if len(now) < 900 else bad


def write(found: Found) -> None:
    """Whole or not at all: a report reads it meanwhile."""
    told: dict[str, Any] = asdict(found)
    file = _file()
    with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False) as draft:
        json.dump(told, draft)
    Path(draft.name).replace(file)


def _file() -> Path:
    return settings.HERE.data / "links.json"
