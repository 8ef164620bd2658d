"""The studio and the freezer: whether editors can write, and how soon visitors see it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from portico.kit import unixsocket
from portico.model import FREEZER, Event
from portico.watch import signal
from portico.watch.collect.histogram import Histogram
from portico.watch.collect.protocol import Base
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.watched import Watched

ANSWER_S = 1.5
BOUNDS = (0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_LIVE = {"live", "rolled back"}
"""States in which visitors see what they shall see."""

UP = Metric("portico_studio_up", Kind.GAUGE, "", "1 when the studio answers at its private socket.", "studio")
SILENT = Metric(
    "portico_freezer_silent_seconds",
    Kind.GAUGE,
    "seconds",
    "Since the freezer's last sign of life.",
    "studio",
)
BEHIND = Metric(
    "portico_edit_behind_seconds",
    Kind.GAUGE,
    "seconds",
    "For how long the newest edit has not been live; 0 when it is.",
    "studio",
)
TO_LIVE = Metric(
    "portico_edit_to_live_seconds",
    Kind.HISTOGRAM,
    "seconds",
    "From an edit's commit in the studio to the flip at the edge.",
    "studio",
)
FAILED = Metric(
    "portico_edits_failed_total",
    Kind.COUNTER,
    "",
    "Edits that could not be published since the watcher was started.",
    "studio",
)


class StudioCollector(Base):
    """Tells nothing where the site comes from elsewhere."""

    name = "studio"
    metrics = (UP, SILENT, BEHIND, TO_LIVE, FAILED)

    def __init__(self, watched: Watched) -> None:
        self._home = watched.home
        self._ledger = watched.ledger
        self._runs = watched.settings.runs_studio
        self._to_live = Histogram(BOUNDS)
        self._failed = 0
        newest = self._ledger.events(last=1)
        self._seq = newest[-1].seq if newest else 0

    def collect(self, now: float, /) -> Iterator[Signal]:
        if not self._runs:
            return
        for event in self._ledger.events(after=self._seq):
            self._seq = event.seq
            self._note(event)
        yield signal.of(UP.name, self._answers())
        yield signal.of(SILENT.name, self._silent())
        yield signal.of(BEHIND.name, behind(self._published(), now))
        yield from self._to_live.signals(TO_LIVE.name)
        yield signal.of(FAILED.name, self._failed)

    def _note(self, event: Event) -> None:
        if event.kind == "edit.live":
            self._to_live.observe(float(event.data["seconds"]))
        elif event.kind == "edit.failed":
            self._failed += 1

    def _answers(self) -> bool:
        try:
            return unixsocket.get(self._home.studio_socket, "/live", timeout=ANSWER_S)[0] == 200
        except OSError:
            return False

    def _silent(self) -> float:
        """By its record, which it touches; one that has none is about to be started."""
        try:
            return max(0.0, time.time() - self._home.record(FREEZER).stat().st_mtime)
        except FileNotFoundError:
            return 0.0

    def _published(self) -> Mapping[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self._home.published.read_bytes())
        except (OSError, ValueError):
            return {}
        return found


def behind(published: Mapping[str, Any], now: float) -> float:
    """Seconds since the commit of what the freezer tells of, while visitors don't see it."""
    if not published or published.get("state") in _LIVE:
        return 0.0
    return max(0.0, now - float(published.get("at") or now))
