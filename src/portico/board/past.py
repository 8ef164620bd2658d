"""What the ledger tells of the last month: what was practised, proven, published, broken and mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portico.board import practices
from portico.board.practices import Practices
from portico.ledger import acted, asks, incidents
from portico.ledger.asks import Ask
from portico.ledger.incidents import Incident
from portico.ledger.ledger import Ledger
from portico.model import Event, Order, Severity

MONTH_S = 30 * 86400.0
_MOST = 2_000
_DIED = ("replica.died", "replica.hung", "edge.died", "edge.hung", "keeper.died")
_PRACTISED = ("drill.began", "drill.ended")
_STARTED = ("replica.started", "edge.started", "keeper.started")
_REPAIRED = ("body.repaired", "store.repaired", "store.refilled")


@dataclass(frozen=True, slots=True)
class Past:
    """Oldest first; `proofs` holds each alert's newest. `deaths` and `repairs` are those of drills, too."""

    drills: tuple[Event, ...] = ()
    practices: Practices = practices.NONE
    proofs: tuple[Event, ...] = ()
    edits: tuple[Event, ...] = ()
    lives: tuple[Event, ...] = ()
    released: tuple[Order, ...] = ()
    deaths: tuple[Event, ...] = ()
    starts: tuple[Event, ...] = ()
    repairs: tuple[Event, ...] = ()
    incidents: tuple[Incident, ...] = ()
    actions: tuple[Order, ...] = ()
    asked: tuple[Ask, ...] = ()
    backup: Event | None = None
    scan: Event | None = None

    @property
    def open(self) -> tuple[Incident, ...]:
        """Drills last, the worst first, of these the newest."""
        found = [one for one in self.incidents if one.open]
        return tuple(sorted(found, key=_rank))

    def real(self, events: Sequence[Event]) -> list[Event]:
        """Those that no drill was the cause of."""
        return [event for event in events if not self.practices.held(event.at)]

    def practised(self, events: Sequence[Event]) -> list[Event]:
        return [event for event in events if self.practices.held(event.at)]

    @property
    def gone(self) -> tuple[str, ...]:
        """What died and wasn't started again."""
        started = {event.subject: event.seq for event in self.starts}
        died = {event.subject: event.seq for event in self.deaths}
        return tuple(sorted(name for name, seq in died.items() if started.get(name, 0) < seq))


def _rank(one: Incident) -> tuple[bool, bool, float]:
    return bool(one.data.get("drill")), one.severity != Severity.CRITICAL, -one.opened


def of(ledger: Ledger) -> Past:
    since = ledger.now - MONTH_S
    lives = _of(ledger, ["live"], since)
    return Past(
        drills=_of(ledger, ["drill"], since),
        practices=practices.of(_of(ledger, _PRACTISED, since)),
        proofs=_newest(ledger.events(kind="drill.alert", last=_MOST)),
        edits=_of(ledger, ["edit.live"], since),
        lives=lives,
        released=tuple(
            ledger.get_order(event.data["order"]) for event in lives[-5:] if event.data.get("order")
        ),
        deaths=_of(ledger, _DIED, since),
        starts=_of(ledger, _STARTED, since),
        repairs=_of(ledger, _REPAIRED, since),
        incidents=tuple(incidents.since(ledger, since)),
        actions=tuple(acted.since(ledger, since)),
        asked=tuple(asks.waiting(ledger)),
        backup=ledger.last_of(["backup.done"]),
        scan=ledger.last_of(["scan.done"]),
    )


def _of(ledger: Ledger, kinds: Iterable[str], since: float) -> tuple[Event, ...]:
    found = [event for kind in kinds for event in ledger.events(kind=kind, last=_MOST) if event.at >= since]
    return tuple(sorted(found, key=lambda event: event.seq))


def _newest(proofs: Sequence[Event]) -> tuple[Event, ...]:
    return tuple({event.subject: event for event in proofs}.values())
