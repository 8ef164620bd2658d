"""What the freezer tells about the newest publish, in a file that it writes whole (docs/editors.md)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings

LIVE = "live"
FAILED = "failed"
ROLLED_BACK = "rolled back"
OVER = {LIVE, FAILED, ROLLED_BACK}


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Publish:
    """`at` is when it was committed in the studio, in seconds since 1970; `seconds` from there to live."""

    revision: int
    state: str
    snapshot: str = ""
    before: str = ""
    steps: tuple[Step, ...] = ()
    seconds: float = 0.0
    why: str = ""
    hint: str = ""
    at: float = 0.0
    by: str = ""
    changed: tuple[str, ...] = ()
    undone_by: str = ""
    undone_at: float = 0.0

    @property
    def is_over(self) -> bool:
        return self.state in OVER


@dataclass(frozen=True, slots=True)
class Published:
    """`told_at` is when the freezer wrote it."""

    now: Publish
    history: tuple[Publish, ...] = field(default=())
    told_at: float = 0.0

    @property
    def can_be_undone(self) -> bool:
        return self.now.state == LIVE and bool(self.now.before)


def read() -> Published | None:
    """Nothing before the first publish, and while the freezer has never run."""
    file = settings.HERE.published
    try:
        told, written = json.loads(file.read_bytes()), file.stat().st_mtime
    except (OSError, ValueError):
        return None
    history = tuple(_publish(one) for one in told.get("history") or [])
    return Published(_publish(told), history, written)


def _publish(told: dict[str, Any]) -> Publish:
    undone = told.get("undone") or {}
    plain = Publish(
        revision=int(told.get("revision") or 0),
        state=str(told.get("state") or ""),
        snapshot=told.get("snapshot") or "",
        before=told.get("before") or "",
        seconds=float(told.get("seconds") or 0),
        why=told.get("why") or "",
        hint=told.get("hint") or "",
        at=float(told.get("at") or 0),
        by=told.get("by") or "",
    )
    return replace(
        plain,
        steps=tuple(Step(step["name"], float(step.get("seconds") or 0)) for step in told.get("steps") or []),
        changed=tuple(told.get("changed") or ()),
        undone_by=undone.get("by") or "",
        undone_at=float(undone.get("at") or 0),
    )
