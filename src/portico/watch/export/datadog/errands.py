"""The errands to Datadog beside its numbers: what happened, what is off, and what it says itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from portico.ledger.ledger import Ledger
from portico.model import Event, Severity
from portico.watch.alerts.table import ALERTS
from portico.watch.export.datadog import monitors, notices
from portico.watch.export.datadog.api import LOGS, Api
from portico.watch.export.datadog.book import Book
from portico.watch.export.datadog.follow import Follower
from portico.watch.export.datadog.notices import Check, From, Notice
from portico.watch.export.datadog.standing import Disagreement

_TOLD = frozenset(alert.name for alert in ALERTS.values() if alert.severity != Severity.INFO)
PORTIONS = 10
"""Of the ledger so many portions at most in one turn, so that every errand has its own."""


class Events:
    """Those events that a person wants to see above a graph, one request each."""

    name, every_s = "events", 5.0

    def __init__(self, ledger: Ledger, told: From, tell: Callable[[Notice], None]) -> None:
        self._follower = Follower(ledger, self.name, 50)
        self._told, self._tell = told, tell
        self._at: Event | None = None

    def do(self) -> int:
        count = 0
        for _ in range(PORTIONS):
            events = self._follower.portion()
            for self._at in events:
                count += self._one(self._at)
            self._follower.done()
            if not self._follower.has_more:
                break
        return count

    def skip(self) -> int:
        self._follower.done(self._at)
        return 1

    def _one(self, event: Event) -> int:
        found = list(notices.notices([event], self._told))
        for notice in found:
            self._tell(notice)
            self._follower.done(event)
        return len(found)


class Logs:
    """Every event of the ledger, in portions."""

    name, every_s = "logs", 5.0

    def __init__(self, ledger: Ledger, told: From, api: Api) -> None:
        self._follower = Follower(ledger, self.name, 500)
        self._told, self._api = told, api
        self._count = 0

    def do(self) -> int:
        count = 0
        for _ in range(PORTIONS):
            events = self._follower.portion()
            self._count = len(events)
            if events:
                self._api.post("/api/v2/logs", notices.logs(events, self._told), host=LOGS)
            self._follower.done()
            count += len(events)
            if not self._follower.has_more:
                break
        return count

    def skip(self) -> int:
        self._follower.done()
        return self._count


class Checks:
    """Each alert of ours as a service check: a monitor there can watch every one of them, and our silence."""

    name, every_s = "checks", 30.0

    def __init__(self, ledger: Ledger, told: From, tell: Callable[[list[Check]], None]) -> None:
        self._ledger, self._told, self._tell = ledger, told, tell
        self._count = 0

    def do(self) -> int:
        findings = [finding for finding, _ in self._ledger.findings()]
        found = notices.checks(_TOLD, findings, self._told)
        self._count = len(found)
        self._tell(found)
        return len(found)

    def skip(self) -> int:
        return self._count


class Key:
    """Whether the key is good: a small question, so that silence is noticed when nothing else is told."""

    name, every_s = "key", 60.0

    def __init__(self, api: Api) -> None:
        self._api = api

    def do(self) -> int:
        self._api.get("/api/v1/validate")
        return 1

    def skip(self) -> int:
        return 0


class Monitors:
    """Asks what the monitors say that we made. `disagreements` is what came of it last."""

    name, every_s = "monitors", 60.0

    def __init__(self, ledger: Ledger, site_tags: Collection[str], api: Api, grace_s: float) -> None:
        """`told` are the names of the metrics that were last sent; whoever sends them puts them there."""
        self._ledger, self._api = ledger, api
        self._tags = site_tags
        self._book = Book(ledger)
        self._comparison = monitors.Comparison(grace_s)
        self.told: frozenset[str] = frozenset()
        self.disagreements: tuple[Disagreement, ...] = ()

    def do(self) -> int:
        made = {int(one.id) for one in self._book.made().values() if one.kind == "monitor" and one.id}
        answer = (
            self._api.get("/api/v1/monitor", {"monitor_tags": ",".join(self._tags)}, app=True) if made else []
        )
        theirs = monitors.read(answer, self._tags, made)
        self.disagreements = self._comparison.look(time.monotonic(), theirs, self._firing(), self.told)
        return len(theirs)

    def skip(self) -> int:
        """What can't be asked says nothing, also not what it said before."""
        self.disagreements = ()
        return 0

    def _firing(self) -> set[str]:
        """What is only practised isn't: Datadog is told nothing of it."""
        return {finding.alert for finding, _ in self._ledger.findings() if "drill" not in finding.data}
