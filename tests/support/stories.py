"""A ledger whose clock the test sets; the keeper's and the watcher's findings as they come and go."""

from __future__ import annotations

from pathlib import Path

from portico.ledger import incidents as kept
from portico.ledger.incidents import Incident
from portico.ledger.ledger import Ledger
from portico.model import Finding, Severity
from portico.respond.incidents import book

BEGAN = 1_700_000_000.0


class Story:
    def __init__(self, path: Path):
        self.now = BEGAN
        self.ledger = Ledger(path, now=lambda: self.now)
        self.found: dict[str, dict[str, Finding]] = {"keeper": {}, "watch": {}}
        book.keep(self.ledger, self.now)

    def at(self, seconds: float) -> Story:
        self.now = BEGAN + seconds
        return self

    def find(self, key: str, severity: Severity = Severity.WARNING, *, source: str = "watch", **data) -> None:
        self.found[source][key] = Finding(key, severity, f"{key} is off.", data)
        self.ledger.reconcile_findings(self.found[source], source=source)
        self.keep()

    def over(self, key: str, *, source: str = "watch") -> None:
        del self.found[source][key]
        self.ledger.reconcile_findings(self.found[source], source=source)
        self.keep()

    def happen(self, kind: str, subject: str = "", **data) -> None:
        self.ledger.record(kind, subject, **data)
        self.keep()

    def restart(self, name: str, after: float = 0.2) -> None:
        cluster = name.rstrip("0123456789")
        self.happen("replica.died", name, pid=1, cluster=cluster)
        self.now += after
        self.happen("replica.started", name, pid=2, cluster=cluster)

    def restart_edge(self, after: float = 0.2) -> None:
        self.happen("edge.died", "edge", pid=1)
        self.now += after
        self.happen("edge.started", "edge", pid=2)

    def keep(self, **more) -> None:
        book.keep(self.ledger, self.now, **more)

    @property
    def all(self) -> list[Incident]:
        return kept.last(self.ledger, 100)

    @property
    def one(self) -> Incident:
        (incident,) = self.all
        return incident

    @property
    def keys(self) -> list[list[str]]:
        """The troubles of each incident."""
        return [[one.key for one in incident.members if not one.evidence] for incident in self.all]

    def told(self) -> list[str]:
        return [event.kind for event in self.ledger.events() if event.kind.startswith("incident.")]
