"""A ledger with a clock, and a stack that is only a status: for what decides about actions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portico.config.home import Home
from portico.config.models import Settings
from portico.ledger import asks
from portico.ledger.ledger import Ledger
from portico.model import Finding, Order, Severity
from portico.respond.actions import gather
from portico.respond.actions.plan import Reactions
from portico.respond.actions.situation import Situation
from portico.respond.incidents import book
from portico.store import signing
from portico.watch.watched import Watched

NEW, OLD = "1" * 64, "2" * 64


@dataclass
class Scene:
    """`down` replicas don't serve, `drained` clusters neither. Time stands still until `later`."""

    watched: Watched
    clock: list[float]
    status: dict[str, Any]

    @property
    def ledger(self) -> Ledger:
        return self.watched.ledger

    @property
    def now(self) -> float:
        return self.clock[0]

    def later(self, seconds: float) -> None:
        self.clock[0] += seconds
        self.show()

    def show(self, **changes: Any) -> None:
        """What the keeper says that it sees."""
        self.status.update(changes)
        self.ledger.see("status", self.status)

    def drained(self, cluster: str, *, drained: bool = True) -> None:
        for one in self.status["clusters"]:
            if one["name"] == cluster:
                one["drained"] = drained
                for replica in one["replicas"]:
                    replica["state"] = "drained" if drained else "up"
        self.show()

    def replica(self, name: str, state: str) -> None:
        for one in self.status["clusters"]:
            for replica in one["replicas"]:
                if replica["name"] == name:
                    replica["state"] = state
        self.show()

    def find(self, *found: Finding) -> None:
        """All that is open from now on."""
        self.ledger.reconcile_findings({one.key: one for one in found}, source="watch")
        book.keep(self.ledger, self.now)

    def publish(self, snapshot: str = NEW, before: str = OLD, kind: str = "publish") -> None:
        number = self.ledger.order(kind, {"snapshot": snapshot}, by="ada")
        self.ledger.record("live", snapshot, before=before, order=number)
        self.settle(number)

    def tick(self) -> None:
        Reactions(self.watched).tick(self.now)

    def situation(self) -> Situation:
        found = gather.situation(self.ledger, self.watched.settings, self.now)
        return gather.with_drills(found, self.ledger, self.watched.home)

    def orders(self) -> list[Order]:
        rows = self.ledger.ask("SELECT id FROM orders ORDER BY id")
        return [self.ledger.get_order(number) for (number,) in rows]

    def ordered(self) -> list[tuple[str, str]]:
        """Kind and target of each order that an action gave."""
        return [(one.kind, one.args["about"]) for one in self.orders() if "about" in one.args]

    def asked(self) -> list[str]:
        return [ask.question.action for ask in asks.waiting(self.ledger)]

    def settle(self, number: int, state: str = "done", **result: Any) -> None:
        order = self.ledger.get_order(number)
        self.ledger.take(order)
        self.ledger.settle(order, state, **result)


@contextmanager
def scene(root: Path, **actions: str) -> Iterator[Scene]:
    """Two clusters of two replicas, all well. `actions` is the policy, `fail_over="automatic"`."""
    home = Home(root).create()
    clock = [1_000_000.0]
    signing.create_keys(home.signing_key, home.public_key)
    ledger = Ledger(home.ledger, now=lambda: clock[0])
    settings = Settings.model_validate({"actions": actions})
    made = Scene(Watched(home, settings, None, ledger, signing.load_public(home.public_key)), clock, well())
    made.show()
    try:
        yield made
    finally:
        ledger.close()


def well() -> dict[str, Any]:
    return {
        "clusters": [
            {
                "name": name,
                "state": "up",
                "drained": False,
                "replicas": [{"name": f"{name}{number}", "state": "up"} for number in (1, 2)],
            }
            for name in ("a", "b")
        ],
        "mirror": {"state": "up", "behind": False},
        "ejected": [],
        "shield": None,
        "mirror_only": False,
    }


def finding(key: str, severity: Severity = Severity.CRITICAL, **data: Any) -> Finding:
    return Finding(key, severity, f"{key} is off.", data)
