"""The log that the triggers write: read in the freeze's own transaction, pruned when the freeze is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from wagtail.models import ModelLogEntry, PageLogEntry

from portico.studio.freezing.queries import affected
from portico.studio.models.revision import Change, Revision

_AT_ONCE = 500
_PUBLISHES = (
    "publish",
    "unpublish",
    "delete",
    "move",
    "copy",
    "rename",
    "create",
    "edit",
    "reorder",
    "revert",
)


@dataclass(frozen=True, slots=True)
class Changes:
    """`unknown` when the memory and the database come from different times: one of them was put back."""

    rows: tuple[affected.Change, ...]
    numbers: tuple[int, ...]
    unknown: bool


@dataclass(frozen=True, slots=True)
class Newest:
    """Who published last, and when the newest visible change was made, in seconds since the epoch."""

    by: str
    at: float


def changes(mark: str) -> Changes:
    found = list(Change.objects.order_by("pk").values_list("pk", "tbl", "changed", "old", "new"))
    rows = tuple(affected.read(*row[1:]) for row in found)
    here = Revision.objects.values_list("mark", flat=True).get(pk=1)
    return Changes(rows, tuple(row[0] for row in found), here != mark)


def prune(told: Changes, mark: str) -> None:
    """The mark says that the memory knows of all that is gone from the log."""
    with transaction.atomic():
        for start in range(0, len(told.numbers), _AT_ONCE):
            Change.objects.filter(pk__in=told.numbers[start : start + _AT_ONCE]).delete()
        Revision.objects.filter(pk=1).update(mark=mark)


def pictures_changed() -> bool:
    return Change.objects.filter(tbl="studio_picture").exists()


def newest() -> Newest:
    """Asked every second: by their keys the last entries are found without a look at all of them."""
    at = Revision.objects.values_list("at", flat=True).get(pk=1)
    actions = [f"wagtail.{name}" for name in _PUBLISHES]
    entries = [
        model.objects.filter(action__in=actions).select_related("user").order_by("-pk").first()
        for model in (PageLogEntry, ModelLogEntry)
    ]
    last = max(filter(None, entries), key=lambda entry: entry.timestamp, default=None)
    return Newest(_name(last.user) if last else "", at)


def _name(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""
