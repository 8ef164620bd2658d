"""A courier over a ledger whose clock the test sets, with channels of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portico.config import load
from portico.config.home import Home
from portico.ledger import incidents
from portico.ledger.incidents import Incident, Member
from portico.ledger.ledger import Ledger
from portico.model import Severity
from portico.respond.delivery.courier import Courier
from portico.watch.watched import Watched

NOON = 1_780_000_000.0 - 1_780_000_000.0 % 86400 + 43200
"""A noon in UTC."""


@dataclass
class Clock:
    now: float = NOON

    def __call__(self) -> float:
        return self.now


@dataclass
class Post:
    """A stack's telling: `tick` lets the courier write and send, and waits until all is sent that can be."""

    watched: Watched
    clock: Clock
    courier: Courier | None = None

    @property
    def ledger(self) -> Ledger:
        return self.watched.ledger

    def tick(self, *, after: float = 0.0) -> None:
        self.clock.now += after
        self.courier = self.courier or Courier(self.watched)
        for _ in range(5):
            self.courier.tick(self.clock.now)
            self.courier.stop(timeout=60)

    def restart(self) -> None:
        self.courier = None

    def incident(self, title: str = "Cluster a is down", severity: str = "critical", **more) -> Incident:
        key = more.pop("key", "cluster-down:a")
        since = more.pop("opened", self.clock.now)
        data = more.pop("finding", {"cluster": "a"})
        member = Member(key, Severity(severity), f"{title}.", since - 10, None, data)
        cause = more.pop("cause", "")
        made = Incident(0, since, None, Severity(severity), title, cause, None, "", more, (member,))
        return incidents.put(self.ledger, made)

    def change(self, incident: Incident, **more) -> Incident:
        return incidents.put(self.ledger, replace(incidents.get(self.ledger, incident.id), **more))

    def close(self, incident: Incident) -> Incident:
        known = incidents.get(self.ledger, incident.id)
        members = tuple(replace(member, over=self.clock.now) for member in known.members)
        return self.change(incident, closed=self.clock.now, members=members)

    def reopen(self, incident: Incident) -> Incident:
        known = incidents.get(self.ledger, incident.id)
        again = replace(known.members[0], since=self.clock.now, over=None)
        return self.change(incident, closed=None, members=(*known.members, again))

    def join(self, incident: Incident, key: str, severity: str = "critical") -> Incident:
        known = incidents.get(self.ledger, incident.id)
        member = Member(key, Severity(severity), f"{key} is off.", self.clock.now)
        worst = "critical" if severity == "critical" else known.severity
        return self.change(incident, members=(*known.members, member), severity=Severity(worst))

    def events(self, kind: str) -> list:
        return self.ledger.events(kind=kind)


def post(folder: Path, toml: str) -> Post:
    """The home lies in `folder`, the settings are `[notify]`'s as in `toml`."""
    (folder / "portico.toml").write_text(toml)
    config = load.load(folder / "portico.toml", None, cwd=folder)
    home = Home(config.home.root).create()
    clock = Clock()
    ledger = Ledger(home.ledger, now=clock)
    key = Ed25519PrivateKey.generate().public_key()
    return Post(Watched(home, config.settings, config.file, ledger, key), clock)
