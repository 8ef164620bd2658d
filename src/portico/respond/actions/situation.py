"""What the actions look at before they propose anything: one value, read from the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portico.config.models import Settings
from portico.ledger.asks import Ask
from portico.model import MIRROR, Digest, Finding, Health, Order

DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class Open:
    """A finding that is open since `since`, and the incident that it belongs to."""

    finding: Finding
    since: float
    incident: int | None = None

    @property
    def cause(self) -> str:
        """Names this very trouble: when it is over and comes again, it is another one."""
        return f"{self.finding.key}@{self.since:.3f}"

    @property
    def cluster(self) -> str:
        return str(self.finding.data.get("cluster") or "")

    @property
    def replica(self) -> str:
        return str(self.finding.data.get("replica") or "")


@dataclass(frozen=True, slots=True)
class Live:
    """A flip: the snapshot that visitors got from `at` on, the one before, and the kind of its order."""

    snapshot: Digest
    before: Digest | None
    at: float
    kind: str


@dataclass(frozen=True, slots=True)
class Situation:
    """`past` and `asked` are the last day's orders with an action and questions, `orders` all that are open.

    `seen_at` is when the keeper wrote the status, `live` the last flip; `over` says when findings of an alert
    were last settled, by the alert's name.
    """

    now: float
    settings: Settings
    open: tuple[Open, ...] = ()
    status: Mapping[str, Any] = field(default_factory=dict)
    seen_at: float = 0.0
    live: Live | None = None
    orders: tuple[Order, ...] = ()
    past: tuple[Order, ...] = ()
    asked: tuple[Ask, ...] = ()
    over: Mapping[str, float] = field(default_factory=dict)
    drilling: bool = False

    @property
    def clusters(self) -> tuple[str, ...]:
        return tuple(self.settings.clusters.names)

    def about(self, replica: str) -> list[Open]:
        """The open findings about a replica."""
        return [one for one in self.open if one.replica == replica]

    def calm_since(self, alerts: frozenset[str]) -> float | None:
        """Since when none of these alerts has had a finding: None while one has, 0 when none had of late."""
        if any(one.finding.alert in alerts for one in self.open):
            return None
        return max((at for alert, at in self.over.items() if alert in alerts), default=0.0)

    def serving(self, cluster: str) -> list[str]:
        """The replicas of a cluster that visitors are sent to."""
        return [one["name"] for one in self._replicas(cluster) if one["state"] == Health.UP]

    def others_serving(self, cluster: str) -> list[str]:
        """The other clusters that serve visitors."""
        return [name for name in self.clusters if name != cluster and self.serving(name)]

    @property
    def replicas(self) -> list[str]:
        """Those that shall run, without the mirror."""
        return [one["name"] for cluster in self._clusters() for one in cluster["replicas"]]

    @property
    def ejected(self) -> tuple[str, ...]:
        return tuple(self.status.get("ejected", ()))

    @property
    def shielded(self) -> bool:
        return bool(self.status.get("shield"))

    @property
    def mirror_ready(self) -> bool:
        """Whether the mirror runs, holds what is live and answers rightly."""
        mirror = self.status.get(MIRROR) or {}
        wrong = any(one.finding.data.get("target") == MIRROR for one in self.open)
        return mirror.get("state") == Health.UP and not mirror.get("behind") and not wrong

    def cluster_of(self, replica: str) -> str:
        """The cluster of a replica that shall run, or nothing."""
        for cluster in self._clusters():
            if any(one["name"] == replica for one in cluster["replicas"]):
                return str(cluster["name"])
        return ""

    def _clusters(self) -> list[Mapping[str, Any]]:
        return list(self.status.get("clusters", ()))

    def _replicas(self, cluster: str) -> list[Mapping[str, Any]]:
        return [one for seen in self._clusters() if seen["name"] == cluster for one in seen["replicas"]]
