"""All that the watcher sees, gathered into one view: numbers, probes, promises, anomalies."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from portico.watch import registry, uptime
from portico.watch.anomaly.fleet import Fleet
from portico.watch.anomaly.unusual import Anomaly
from portico.watch.collect.table import Collectors
from portico.watch.export import exporter, openmetrics, table
from portico.watch.export.exporter import Look
from portico.watch.increases import Increases
from portico.watch.probes.prober import Prober
from portico.watch.recent import Recent
from portico.watch.series import read, store
from portico.watch.signal import Signal
from portico.watch.slo import metrics as slo
from portico.watch.slo.budget import State
from portico.watch.slo.judge import Slos
from portico.watch.uptime import Uptime
from portico.watch.view import View
from portico.watch.watched import Watched

log = logging.getLogger("portico.watcher")

SLO_EVERY_S = 10.0
UPTIME_EVERY_S = 10.0
SAVE_EVERY_S = 600.0
"""What the detectors learnt since is learnt again after a kill."""

CHANGES = ("live", "edge.started", "edge.reloaded", "replica.started", "replica.stopped")
"""Kinds of events after which numbers may jump for a reason that is known."""


class Sight:
    """Owns what looks: collectors, probes, series, detectors, promises."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        settings = watched.settings
        self._collectors = Collectors(watched)
        self._prober = Prober(watched)
        self._increases = Increases(registry.counters())
        self._recent = Recent()
        self.series = store.Store(watched.home.series, settings.watch)
        self._fleet = Fleet(watched.home.watch)
        reader = read.Reader(watched.home.series)
        self._slos = Slos(watched, reader)
        self._uptime = Uptime(reader, watched.settings.status_page.days)
        self._exporters = table.wanted(watched)
        self._signals: list[Signal] = []
        self._anomalies: list[Anomaly] = []
        self._promises: list[State] = []
        self._due = dict.fromkeys(("round", "slo", "save", "uptime"), 0.0)
        self._last_event = _newest(watched)

    def start(self) -> None:
        for lost in self._fleet.troubles:
            self._watched.ledger.record("detectors.lost", lost)
        self._prober.start()

    def stop(self) -> None:
        self._prober.stop()
        self._collectors.close()
        for one in self._exporters:
            one.leave()
        for one in self._exporters:
            one.close()
        self._fleet.save()
        self.series.close()

    def look(self, now: float) -> View:
        """The view of this moment; numbers are collected anew when that is due."""
        if self._is_due("round", now, self._watched.settings.watch.every_s):
            self._collect(now)
        if self._is_due("slo", now, SLO_EVERY_S):
            self._promises = self._slos.look(now)
        if self._is_due("uptime", now, UPTIME_EVERY_S):
            self._watched.ledger.see(uptime.SEEN, uptime.told(self._uptime.look(now)))
        if self._is_due("save", now, SAVE_EVERY_S):
            self._fleet.save()
        facts = {
            "probes": self._prober.reports(),
            "slo": self._promises,
            "anomalies": self._anomalies,
            "series": self.series.troubles(),
            "collectors": dict(self._collectors.troubles),
            "exports": [one.health() for one in self._exporters],
            **self._of_the_keeper(now),
        }
        return View(now, self._recent, facts)

    def exposed(self) -> bytes:
        """The latest numbers for a scraper."""
        return openmetrics.render(self._signals)

    def _collect(self, now: float) -> None:
        self._note_changes()
        self._signals = [
            *self._collectors.collect(now),
            *self._prober.signals(now),
            *exporter.signals(one.health() for one in self._exporters),
            *slo.signals(self._promises),
        ]
        values = self._increases.of(self._signals)
        self._recent.add(now, values)
        self.series.append(now, values)
        self._anomalies = self._fleet.observe(now, _judged(values))
        for one in self._exporters:
            one.tell(Look(now, self._signals, values))

    def _note_changes(self) -> None:
        """Restarts and publishes are known as such: what jumps then is no anomaly."""
        for event in self._watched.ledger.events(after=self._last_event):
            self._last_event = event.seq
            if event.kind in CHANGES:
                self._fleet.note(event.at, f"{event.kind} {event.subject[:12]}".strip())

    def _of_the_keeper(self, now: float) -> dict[str, Any]:
        seen = self._watched.ledger.seen("status")
        return {"status": seen[0], "status_age_s": now - seen[1]} if seen else {}

    def _is_due(self, what: str, now: float, every_s: float) -> bool:
        if abs(now - self._due[what]) < every_s:
            return False
        self._due[what] = now
        return True


def _newest(watched: Watched) -> int:
    return max((event.seq for event in watched.ledger.events(last=1)), default=0)


def _judged(values: Mapping[str, float]) -> dict[str, float]:
    """All but the buckets of histograms, whose shares say more together, and mere breakdowns."""
    left_out = registry.unjudged()
    return {
        key: value
        for key, value in values.items()
        if "_bucket{" not in key and key.partition("{")[0] not in left_out
    }
