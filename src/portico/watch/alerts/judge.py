"""From alerts and a view to findings: a trouble must last to be told, and be gone for a while to be over."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portico.model import Finding, Severity
from portico.watch.alerts.alert import Alert, Trouble
from portico.watch.view import View

log = logging.getLogger("portico.watcher")

PATIENCE_S = 60.0
"""So long what an earlier watcher found stays, while this one has not measured enough to see it."""


@dataclass(slots=True)
class _Track:
    """One trouble over time. `since` it was seen without a break, `seen` last."""

    finding: Finding
    since: float
    seen: float
    open: bool = False
    patience_s: float = 0.0


class Judge:
    """Remembers since when each trouble is there. `known` are the findings that an earlier watcher left."""

    def __init__(self, alerts: Mapping[str, Alert], known: Iterable[Finding] = ()) -> None:
        self._alerts = alerts
        judged = {alert.name for alert in alerts.values() if alert.rule}
        self._known = [finding for finding in known if finding.alert in judged]
        self._tracks: dict[str, _Track] = {}
        self._failed: set[str] = set()

    def findings(self, view: View) -> dict[str, Finding]:
        """All that is off now, by key."""
        self._adopt(view.now)
        self._set_back(view.now)
        failed = {}
        for alert in self._alerts.values():
            if alert.rule is None:
                continue
            try:
                troubles = list(alert.rule(view))
            except Exception as error:  # noqa: BLE001 - one bad rule must not end the watching of all others
                failed[f"rule-failed:{alert.name}"] = self._tell(alert, error)
                self._hold(alert, view.now)
            else:
                self._failed.discard(alert.name)
                self._follow(alert, troubles, view.now)
        found = {key: track.finding for key, track in self._tracks.items() if track.open}
        return {**found, **failed}

    def _adopt(self, now: float) -> None:
        for finding in self._known:
            self._tracks[finding.key] = _Track(finding, now, now, open=True, patience_s=PATIENCE_S)
        self._known = []

    def _set_back(self, now: float) -> None:
        """A clock that was set back must not hold a trouble until it is where it was."""
        for track in self._tracks.values():
            track.since, track.seen = min(track.since, now), min(track.seen, now)

    def _follow(self, alert: Alert, troubles: list[Trouble], now: float) -> None:
        for trouble in troubles:
            finding = _finding(alert, trouble)
            track = self._tracks.setdefault(finding.key, _Track(finding, now, now))
            track.finding, track.seen, track.patience_s = finding, now, alert.clear_s
            track.open = track.open or now - track.since >= alert.for_s
        for key, track in list(self._tracks.items()):
            if track.finding.alert == alert.name and self._is_over(track, now):
                del self._tracks[key]

    def _is_over(self, track: _Track, now: float) -> bool:
        return track.seen < now and (not track.open or now - track.seen >= track.patience_s)

    def _hold(self, alert: Alert, now: float) -> None:
        """A rule that can't be asked has not seen the end of anything."""
        for track in self._tracks.values():
            if track.finding.alert == alert.name:
                track.seen = now

    def _tell(self, alert: Alert, error: Exception) -> Finding:
        if alert.name not in self._failed:
            log.error("the rule of %s failed", alert.name, exc_info=error)
            self._failed.add(alert.name)
        sentence = f"The rule of the alert {alert.name} fails, so it sees nothing: {error!r}"
        return Finding(f"rule-failed:{alert.name}", Severity.WARNING, sentence, {"part": "watcher"})


def _finding(alert: Alert, trouble: Trouble) -> Finding:
    key = f"{alert.name}:{trouble.place}" if trouble.place else alert.name
    return Finding(key, trouble.severity or alert.severity, trouble.sentence, dict(trouble.data))
