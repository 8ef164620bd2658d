"""The targets of a stack's own probes: its door, each cluster, the mirror, the name, the certificate."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from portico.edge import tls
from portico.kit.errors import PorticoError
from portico.model import Digest
from portico.store.layout import Store
from portico.watch.answer import Answer, What
from portico.watch.door import Door
from portico.watch.probes import chain, looks, report, telling
from portico.watch.probes.expected import Expectations, Expected, Live
from portico.watch.probes.looks import Asked, Outcome
from portico.watch.probes.rota import Rota
from portico.watch.probes.telling import Known, Told
from portico.watch.probes.trust import Trust
from portico.watch.probes.visit import Way
from portico.watch.watched import Watched

FLIP_S = 3.0
"""For so long after a flip what was live before is right, too: the edge may not have heard of it yet."""
EDGE_LOT, CLUSTER_LOT = 2, 1


@dataclass(frozen=True, slots=True)
class Target:
    """`look` returns None while there is nothing to look at: nothing published, a drained cluster."""

    name: str
    look: Callable[[], Outcome | None]


def of_stack(watched: Watched, expectations: Expectations) -> list[Target]:
    """All that the watcher looks at from its own place."""
    doors = _Doors(watched, Trust(watched))
    shown = [Target(report.EDGE, _Pages(watched, expectations, doors.edge, EDGE_LOT).look)]
    for name in (*watched.clusters, report.MIRROR):
        seen = _Pages(watched, expectations, partial(doors.inside, name), CLUSTER_LOT, name)
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


class _Pages:
    """Looks at pages through one way; `cluster` names the cluster, or mirror, that the way leads to."""

    def __init__(
        self,
        watched: Watched,
        expectations: Expectations,
        way: Callable[[], Way | None],
        lot: int,
        cluster: str = "",
    ) -> None:
        self._watched = watched
        self._expectations = expectations
        self._way = way
        self._cluster = cluster
        self._rota = Rota(tuple(watched.settings.probes.pages), lot)
        self._fresh = Fresh(expectations)

    def look(self) -> Outcome | None:
        live, way = self._expectations.live(), self._way()
        if live is None or way is None:
            return None
        pages = self._pages(live)
        judge = _Judge(self._expectations, live, time.time())
        found = looks.pages(way, Asked(pages, judge.tell), self._watched.settings.probes.timeout_s)
        self._rota.suspect(found.bad)
        if self._cluster:
            found = self._of_cluster(found, live)
        if found.ok and not judge.excused:
            self._fresh.seen(live)
        return self._fresh.told(found)

    def _pages(self, live: Live) -> tuple[Expected, ...]:
        asked = self._rota.pages(self._expectations.root(live.snapshot), self._expectations.shard)
        asked = list(dict.fromkeys((*asked, *self._fresh.wanted(live))))
        return tuple(self._expectations.expect(live.snapshot, path) for path in asked)

    def _of_cluster(self, found: Outcome, live: Live) -> Outcome:
        """What a cluster shows is told with the cluster's name, and why, where its store tells that."""
        where = self._cluster if self._cluster == report.MIRROR else f"cluster {self._cluster}"
        what, sentence = found.what, found.sentence
        if what is What.STALE:
            what = What.MISPLACED
        if what is What.ERROR and not self._holds(live.snapshot):
            what = What.STALE
            sentence += f" Its store lacks the live snapshot {live.snapshot[:12]}."
        return Outcome(what, f"{where}: {sentence}", found.phases, found.bad)

    def _holds(self, snapshot: Digest) -> bool:
        return Store(self._watched.home.store(self._cluster)).manifest(snapshot).exists()


@dataclass(slots=True)
class _Judge:
    """Judges the answers of one look that `began` then. `excused` says that a flip was just under way."""

    expectations: Expectations
    live: Live
    began: float
    excused: bool = False

    def tell(self, page: Expected, answer: Answer) -> Told:
        told = telling.tell(page, answer, self._known(page))
        if told.what is What.RIGHT or not self._flipping():
            return told
        if told.what is What.STALE or self._is_right_now(page, answer):
            self.excused = True
            return Told(What.RIGHT, f"{page.path}: a flip is under way.")
        return told

    def _known(self, page: Expected) -> Known:
        return Known(
            lambda: self.expectations.others(page.path, self.live.snapshot),
            lambda: self.expectations.sketch(page.digest),
        )

    def _flipping(self) -> bool:
        now = self.expectations.live()
        return now != self.live or self.began - self.live.since < FLIP_S

    def _is_right_now(self, page: Expected, answer: Answer) -> bool:
        """Right in a snapshot beside the one that this look began with: a redirect that came or went."""
        now = self.expectations.live() or self.live
        for snapshot in dict.fromkeys((now.snapshot, *self.expectations.neighbours(now.snapshot))):
            try:
                expected = self.expectations.expect(snapshot, page.path)
            except PorticoError:
                continue
            if telling.tell(expected, answer, telling.NOTHING).what is What.RIGHT:
                return True
        return False


class Fresh:
    """How long after a flip the new snapshot was seen, by a page that it changed."""

    def __init__(self, expectations: Expectations) -> None:
        self._expectations = expectations
        self._before: Digest | None = None
        self._waiting: tuple[Live, tuple[str, ...]] | None = None
        self.took_s: float | None = None

    def wanted(self, live: Live) -> tuple[str, ...]:
        """The page to look at for it, until `seen`."""
        if self._before not in {None, live.snapshot}:
            self._waiting = (live, tuple(self._expectations.changed(self._before or "", live.snapshot)))
        self._before = live.snapshot
        return self._waiting[1] if self._waiting else ()

    def seen(self, live: Live) -> None:
        if self._waiting and self._waiting[0] == live:
            self.took_s = max(0.0, time.time() - live.since)
            self._waiting = None

    def told(self, found: Outcome) -> Outcome:
        """The outcome with the time that the last publish took, once there was one."""
        if self.took_s is None:
            return found
        phases = {**found.phases, "fresh": self.took_s}
        return Outcome(found.what, found.sentence, phases, found.bad)
