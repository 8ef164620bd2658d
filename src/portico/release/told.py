"""What editors are told of a publish: one small file, written whole at each step."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from portico.kit import files
from portico.model import MIRROR, Digest
from portico.release import procedure
from portico.release.procedure import Progress
from portico.release.studio import Answer

FREEZING, CHECKING, PUBLISHING = "freezing", "checking", "publishing"
LIVE, FAILED, ROLLED_BACK = "live", "failed", "rolled back"
_OVER = {LIVE, FAILED, ROLLED_BACK}
_KEPT = 20


@dataclass(frozen=True, slots=True)
class Told:
    """`at` is when it was committed in the studio, and `seconds` how long it took from there to live."""

    revision: int | None
    state: str
    snapshot: Digest | None = None
    steps: tuple[tuple[str, float], ...] = ()
    seconds: float = 0.0
    why: str = ""
    hint: str = ""
    at: float = 0.0
    by: str = ""
    changed: tuple[str, ...] = ()
    before: Digest | None = None
    undone: Mapping[str, Any] | None = field(default=None, hash=False)

    @property
    def over(self) -> bool:
        return self.state in _OVER

    def step(self, name: str, seconds: float) -> Told:
        return replace(self, steps=(*self.steps, (name, round(seconds, 3))))


def begun(answer: Answer) -> Told:
    return Told(answer.revision, FREEZING, at=answer.at, by=answer.by, changed=answer.changed)


def moved(told: Told, state: str, far: Progress | None = None) -> Told:
    """With the order's steps so far, in words that editors know; its other steps are nobody's business."""
    if far is None:
        return replace(told, state=state)
    named = ((_named(step), round(far.seconds.get(step, 0.0), 3)) for step in far.done)
    steps = (*told.steps, *((name, took) for name, took in named if name))
    return replace(told, state=state, steps=steps, snapshot=far.snapshot, before=far.before)


def lived(told: Told, snapshot: Digest, at: float) -> Told:
    steps = told.steps if any(name == LIVE for name, _ in told.steps) else (*told.steps, (LIVE, 0.0))
    return replace(told, state=LIVE, snapshot=snapshot, steps=steps, seconds=max(0.0, at - told.at))


def failed(told: Told, why: str, hint: str) -> Told:
    return replace(told, state=FAILED, why=why, hint=hint)


def _named(step: str) -> str:
    verb, _, place = step.partition(":")
    if verb == procedure.COPY:
        return "in the mirror" if place == MIRROR else f"in cluster {place}"
    return {procedure.CHECK: "checked", procedure.FLIP: "live"}.get(verb, "")


class Board:
    """The file, and what it tells of before."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.now, self._history = _read(path)

    def tell(self, told: Told) -> None:
        """Show it; what was shown before and had come to its end becomes history."""
        if told == self.now:
            return
        if self.now and self.now.over and not _same(self.now, told):
            self._history = [_plain(self.now), *self._history][:_KEPT]
        self.now = told
        self._write()

    def _write(self) -> None:
        if self.now:
            document = {**_document(self.now), "history": self._history}
            files.write_whole(self._path, json.dumps(document).encode(), durable=False)

    def follow(self, snapshot: Digest) -> None:
        """What is told is live in another snapshot now: the search index followed, which is no news."""
        if self.now and self.now.state == LIVE:
            self.now = replace(self.now, snapshot=snapshot)
            self._write()

    def touch(self) -> None:
        """Show that somebody is at it still."""
        with contextlib.suppress(FileNotFoundError):
            os.utime(self._path)


def _same(one: Told, other: Told) -> bool:
    """A publish that is told on: one that failed and is tried again, or one that was undone."""
    again = one.revision == other.revision and one.state == FAILED
    return again or other.state == ROLLED_BACK


def _document(told: Told) -> dict[str, Any]:
    steps = [{"name": name, "seconds": seconds} for name, seconds in told.steps]
    return {**asdict(told), "steps": steps, "seconds": round(told.seconds, 3)}


def _plain(told: Told) -> dict[str, Any]:
    return {key: value for key, value in _document(told).items() if key != "steps"}


def _read(path: Path) -> tuple[Told | None, list[dict[str, Any]]]:
    try:
        document = json.loads(path.read_bytes())
        history = document.pop("history")
        steps = tuple((step["name"], step["seconds"]) for step in document.pop("steps"))
        return Told(**{**document, "steps": steps, "changed": tuple(document["changed"])}), history
    except (OSError, ValueError, TypeError, KeyError):
        return None, []
