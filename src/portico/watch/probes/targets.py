"""The targets of a stack's own probes: its door, each cluster, the mirror, the name, the certificate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from portico.edge import tls
from portico.watch.door import Door
from portico.watch.probes import chain, looks, report
from portico.watch.probes.expected import Expectations
from portico.watch.probes.looks import Outcome
from portico.watch.probes.pages import Pages
from portico.watch.probes.trust import Trust
from portico.watch.probes.visit import Way
from portico.watch.watched import Watched

EDGE_LOT, CLUSTER_LOT = 2, 1
"""Pages of the rota in one look."""


@dataclass(frozen=True, slots=True)
class Target:
    """`look` returns None while there is nothing to look at: nothing published, a drained cluster."""

    name: str
    look: Callable[[], Outcome | None]


def of_stack(watched: Watched, expectations: Expectations) -> list[Target]:
    """All that the watcher looks at from its own place."""
    doors = _Doors(watched, Trust(watched))
    shown = [Target(report.EDGE, Pages(watched, expectations, doors.edge, EDGE_LOT).look)]
    for name in (*watched.clusters, report.MIRROR):
        seen = Pages(watched, expectations, partial(doors.inside, name), CLUSTER_LOT, name)
        target = name if name == report.MIRROR else report.cluster(name)
        shown.append(Target(target, seen.look))
    return [
        *shown,
        Target(report.REDIRECT, doors.redirect),
        Target(report.NAME, doors.name),
        Target(report.CERTIFICATE, doors.certificate),
    ]


class _Doors:
    """Where the keeper says that the site is."""

    def __init__(self, watched: Watched, trust: Trust) -> None:
        self._watched = watched
        self._trust = trust
        self._timeout = watched.settings.probes.timeout_s

    def edge(self) -> Way | None:
        door = self._door("address")
        return Way(door.address, self._trust.pinned(), door.at) if door else None

    def inside(self, cluster: str) -> Way | None:
        """Asked through the edge's private socket, so that the edge says what is live."""
        if self._watched.ledger.wanted().get(f"drained:{cluster}"):
            return None
        socket: Path = self._watched.home.inside_socket
        return Way("http://localhost/", None, socket, {"x-portico-cluster": cluster})

    def redirect(self) -> Outcome | None:
        secure, plain = self._door("address"), self._door("http")
        if secure is None or plain is None or not plain.at:
            return None
        way = Way(plain.address, at=(plain.at[0], urlsplit(plain.address).port or 80))
        return looks.redirect(way, secure.address, self._timeout)

    def name(self) -> Outcome | None:
        door = self._door("address")
        if door is None:
            return None
        way = Way(door.address)
        return looks.name(way.host, way.port, self._timeout)

    def certificate(self) -> Outcome | None:
        door = self._door("address")
        if door is None:
            return None
        way, now = Way(door.address, at=door.at), datetime.now(UTC)
        try:
            shown = chain.ask(way, self._trust.strict(), self._timeout)
        except OSError as error:
            told = looks.unanswered("The certificate", error)
            return Outcome(told.what, told.sentence)
        return chain.judge(shown, way.host, now, tls.site_pem(self._watched.home))

    def _door(self, which: str) -> Door | None:
        status = self._watched.status
        return self._watched.door(status[which]) if status and status.get(which) else None
