"""Looks at pages, again and again, through one way to the site; a flip that is under way is no failure."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from portico.kit.errors import PorticoError
from portico.model import Digest
from portico.store.layout import Store
from portico.watch.answer import Answer, What
from portico.watch.probes import looks, report, telling
from portico.watch.probes.expected import Expectations, Expected, Live
from portico.watch.probes.fresh import Fresh
from portico.watch.probes.looks import Asked, Outcome
from portico.watch.probes.rota import Rota
from portico.watch.probes.telling import Known, Told
from portico.watch.probes.visit import Way
from portico.watch.watched import Watched

FLIP_S = 3.0
"""For so long after a flip what was live before is right, too: the edge may not have heard of it yet."""


class Pages:
    """`cluster` names the cluster, or mirror, that the way leads to."""

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
        if found.what not in looks.UNANSWERED:
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
