"""What is known of a stack that never ran: a month of a homepage, written as keeper and watcher write theirs.

The stories begin alike: publishes, a replica that died and came back, drills, alerts that were proven, and an
incident ten days ago. They differ in how they end, at NOW.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portico.config.load import Config
from portico.kit import process
from portico.ledger import incidents
from portico.ledger.incidents import Incident, Member
from portico.ledger.ledger import Ledger
from portico.model import HELPERS, Finding, Severity
from support import paperseries

NOW = 1_795_403_261.0
"""2026-11-23 at seven past three in the night, in UTC."""

DAY = 86400.0
TOML = '[source]\nkind = "studio"\n'
LIVE, BEFORE, OLDER = (digit * 8 + "5e" * 28 for digit in "3f9")
SERVING = ("edge", "guard", "keeper", "mirror", "a1", "a2", "b1", "b2", *HELPERS)


@dataclass
class Clock:
    now: float = NOW - 30 * DAY

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Paper:
    asked: Config
    ledger: Ledger
    clock: Clock

    def at(self, ago: float) -> Ledger:
        """The ledger, so long before NOW; never earlier than what was written last."""
        self.clock.now = max(self.clock.now, NOW - ago)
        return self.ledger

    def publish(self, ago: float, snapshot: str, before: str | None, by: str = "editor (studio)") -> None:
        ledger = self.at(ago)
        number = ledger.order("publish", {"snapshot": snapshot}, by=by)
        order = ledger.get_order(number)
        ledger.take(order)
        done = {"freeze": 0.31, "verify": 0.02, "copy": 0.05, "warm": 0.03, "flip": 0.004, "confirm": 0.012}
        for step, seconds in done.items():
            self.clock.now += seconds
            ledger.record("publish.step", snapshot, order=number, step=step, seconds=seconds, note="")
        ledger.record("live", snapshot, before=before, order=number)
        ledger.record("released", snapshot, before=before, order=number)
        ledger.settle(order, "done", snapshot=snapshot, before=before, seconds=0.43, steps=done, notes={})
        ledger.want("snapshot", snapshot)
        if before:
            ledger.record("edit.live", snapshot, revision=int(NOW - ago), seconds=0.62, by="mara")

    def drill(
        self, ago: float, name: str, told: str, heal_s: float, result: str = "passed", **more: Any
    ) -> None:
        played = {"sent": 1240, "answered": 1240, "failed": 0, "failures": {}, "cut": 0, "retried": 3}
        times = {"p50_ms": 0.9, "p99_ms": 2.4, "p999_ms": 6.8, "slowest_ms": 11.2, "lag_p99_ms": 0.6}
        judged = {
            "result": result,
            "why": "",
            "told": told,
            "eject_s": 0.61,
            "heal_s": heal_s,
            "examples": [],
        }
        end = {"rate": 100, "seconds": 12.4, "measured": {}}
        self.at(ago + 12).record("drill.began", name, what="drill", until=self.clock.now + 85)
        if name in {"replica", "cluster"}:
            self.at(ago + 9).record("replica.died", "b1", pid=813, cluster="b")
            self.at(ago + 8).record("replica.started", "b1", pid=991, cluster="b")
        self.at(ago).record("drill", name, **{**played, **times, **judged, **end, **more})
        self.ledger.record("drill.ended", name, what="drill")

    def prove(self, ago: float, alert: str, how: str = "fixture", **more: Any) -> None:
        proof = {"passed": True, "how": how, "told": "", "seen_s": 2.1, "sent_s": 3.4, "over_s": None}
        self.at(ago).record("drill.alert", alert, **{**proof, "channels": ["log"], "why": "", **more})

    def find(self, *findings: Finding) -> None:
        """What the watcher finds from here on."""
        self.ledger.reconcile_findings({found.key: found for found in findings}, source="watcher")

    def incident(self, title: str, cause: str, *findings: Finding, **data: Any) -> Incident:
        at = self.clock.now
        members = tuple(
            Member(found.key, found.severity, found.sentence, at - 2, None, found.data) for found in findings
        )
        worst = max((member.severity for member in members), key=lambda one: one == Severity.CRITICAL)
        made = Incident(0, at, None, worst, title, cause, None, "", {"cause": "cluster", **data}, members)
        return incidents.put(self.ledger, made)

    def close(self, incident: Incident) -> None:
        at = self.clock.now
        over = tuple(Member(m.key, m.severity, m.sentence, m.since, at, m.data) for m in incident.members)
        known = incidents.get(self.ledger, incident.id) or incident
        ended = Incident(
            incident.id, incident.opened, at, incident.severity, incident.title, incident.cause,
            known.acknowledged, known.acknowledged_by, {**incident.data, "affected": 0}, over,
        )  # fmt: skip
        incidents.put(self.ledger, ended)

    def run(self, *without: str) -> None:
        """Let every process run, as far as a record tells, but those without."""
        me = process.of(os.getpid())
        for part in SERVING:
            if me and part not in without:
                process.remember(self.asked.home.record(part), me)

    def seen(self, ago: float = 0.4, **more: Any) -> None:
        """What keeper and watcher show last."""
        self.at(ago).see("status", {**status(), **more})
        self.watched()

    def watched(self) -> None:
        slo = [{"objective": name, "left": left, "measured": measured} for name, left, measured in SLO]
        probes = {"looked": 6, "failing": 0}
        told = {"address": "http://127.0.0.1:9464", "probes": probes, "slo": slo, "anomalies": 0}
        self.ledger.see("watch", told)

    def measure(self, **more: Any) -> None:
        paperseries.write(self.asked.home.series, NOW, **more)


SLO = (
    ("availability", 0.982, 0.99999),
    ("latency", 0.91, 0.99992),
    ("freshness", 1.0, 1.0),
    ("integrity", 1.0, 1.0),
)


def status(*, down: tuple[str, ...] = (), drained: tuple[str, ...] = ()) -> dict[str, Any]:
    """The keeper's view, as `portico status --json` has it; a part that is down has no process."""
    pid = os.getpid()

    def replica(name: str) -> dict[str, Any]:
        gone = name in down
        return {
            "name": name,
            "pid": None if gone else pid,
            "state": "down" if gone else "drained" if name[0] in drained else "up",
            "restarts": int(gone),
            "since": NOW - 3 * DAY,
        }

    def cluster(name: str) -> dict[str, Any]:
        replicas = [replica(f"{name}1"), replica(f"{name}2")]
        ups = [one["state"] == "up" for one in replicas]
        state = "drained" if name in drained else "up" if all(ups) else "degraded" if any(ups) else "down"
        return {"name": name, "state": state, "drained": name in drained, "replicas": replicas}

    edge = {"requests": 8_412_377, "rate": 41.0, "connections": 87, "cache_hits": 8_305_112, "errors": 0}
    helpers = {name: {"pid": pid, "state": "up", "restarts": 0} for name in HELPERS}
    helpers["studio"]["address"] = "http://127.0.0.1:8000/"
    return {
        "address": "https://localhost:8443/",
        "http": "http://localhost:8080/",
        "snapshot": LIVE,
        "since": NOW - 5 * 3600,
        "edge": {"pid": pid, "state": "up", **edge},
        "keeper": {"pid": pid, "state": "up", "tick_ms": 3.1},
        "guard": {"pid": pid},
        **helpers,
        "mirror": {**replica("mirror"), "snapshot_age_s": 0.0, "behind": False},
        "clusters": [cluster("a"), cluster("b")],
        "ejected": [],
        "shield": None,
        "mirror_only": False,
        "findings": [],
        "orders": [],
    }


B2_DOWN = Finding(
    "replica-down:b2",
    Severity.WARNING,
    "Replica b2 does not run; the edge sends its visitors to the others.",
    {"cluster": "b", "replica": "b2"},
)
B_DOWN = Finding("cluster-down:b", Severity.CRITICAL, "Cluster b answers nobody.", {"cluster": "b"})
SLOW = Finding(
    "slo-latency:slow",
    Severity.WARNING,
    "99.71 % of requests were good, 99.9 % are promised; the error budget burns 6.2 times as fast as it may.",
    {"metric": "portico_edge_request_duration_seconds"},
)


def _month(paper: Paper) -> None:
    paper.at(30 * DAY).record("keeper.started", "keeper", pid=4711)
    paper.publish(30 * DAY - 20, OLDER, None)
    for name, heal_s in (
        ("replica", 0.9),
        ("cluster", 1.6),
        ("edge", 0.4),
        ("keeper", 1.1),
        ("publish", 1.3),
    ):
        paper.drill(21 * DAY, name, "Killed with -9 under load.", heal_s)
    for alert in ("replica-down", "cluster-down", "edge-down", "publish-failed"):
        paper.prove(20 * DAY, alert, "live" if "down" in alert else "fixture")
    paper.at(10 * DAY)
    paper.find(B_DOWN, B2_DOWN)
    old = paper.incident("Cluster b is down", "the cluster's two replicas were killed", B_DOWN, B2_DOWN)
    paper.at(10 * DAY - 40)
    incidents.acknowledge(paper.ledger, old.id, "ada (console)")
    restart = {"cluster": "b", "action": "restart", "words": "restart cluster b", "incident": old.id}
    number = paper.ledger.order("restart", restart, by="policy")
    paper.at(10 * DAY - 55)
    paper.ledger.settle(paper.ledger.get_order(number), "done", seconds=9.1)
    paper.find()
    paper.close(old)
    paper.publish(2 * DAY, BEFORE, OLDER)
    paper.at(1.5 * DAY).record("replica.died", "a1", pid=812, cluster="a")
    paper.ledger.record("replica.started", "a1", pid=990, cluster="a")
    paper.drill(1.2 * DAY, "cluster", "Killed both replicas of cluster b.", 1.4)
    paper.publish(5 * 3600, LIVE, BEFORE)


def quiet(paper: Paper) -> None:
    _month(paper)
    paper.run()
    paper.measure()
    paper.seen()


def incident(paper: Paper) -> None:
    """Cluster b has been down for four minutes, and nobody has said that he looks after it."""
    _month(paper)
    paper.run("b1", "b2")
    paper.measure(broken_s=240)
    paper.at(240).record("replica.died", "b1", pid=813, cluster="b")
    paper.ledger.record("replica.died", "b2", pid=814, cluster="b")
    paper.at(236)
    paper.find(B_DOWN, B2_DOWN, SLOW)
    paper.incident(
        "Cluster b is down", "both replicas of cluster b died at once", B_DOWN, B2_DOWN, clusters=["b"]
    )
    paper.incident("Pages are slow", "", SLOW)
    paper.seen(**status(down=("b1", "b2")))


def drill(paper: Paper) -> None:
    """A drill has killed b2 six seconds ago; nobody is called for that."""
    _month(paper)
    paper.run("b2")
    paper.measure()
    practised = Finding(
        B2_DOWN.key, B2_DOWN.severity, B2_DOWN.sentence, {**B2_DOWN.data, "drill": True, "drill_at": NOW - 6}
    )
    paper.at(6)
    paper.ledger.see("drill.running", {"name": "replica", "until": NOW + 60})
    paper.find(practised)
    paper.incident("Replica b2 is down", "a drill", practised, drill="replica-down")
    paper.seen(**status(down=("b2",)))


def empty(paper: Paper) -> None:
    """Nothing was ever started, but that there is a ledger."""


def fresh(paper: Paper) -> None:
    """Started a minute ago, with nothing published and nothing measured yet."""
    paper.at(60).record("keeper.started", "keeper", pid=4711)
    paper.run()
    paper.seen(snapshot=None, since=None)


def keeper_dead(paper: Paper) -> None:
    """The keeper, and the watcher with it, fell silent four minutes ago; the rest serves on."""
    _month(paper)
    paper.run("keeper", "watcher", "guard")
    paper.measure(silent_s=251)
    paper.seen(ago=251)


STORIES: Mapping[str, Callable[[Paper], None]] = {
    "quiet": quiet,
    "incident": incident,
    "drill": drill,
    "empty": empty,
    "fresh": fresh,
    "keeper_dead": keeper_dead,
}
