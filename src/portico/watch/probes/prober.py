"""Looks at the site from here, each target in a thread of its own, and gathers what far places see."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator

from portico.config.models import Settings
from portico.config.watching import HERE
from portico.watch import signal
from portico.watch.answer import What
from portico.watch.probes import agreed, far, metrics, quorum, targets
from portico.watch.probes.agreed import Agreed
from portico.watch.probes.board import Board
from portico.watch.probes.expected import Expectations
from portico.watch.probes.looks import Outcome
from portico.watch.probes.report import PLACE, Report
from portico.watch.probes.targets import Target
from portico.watch.signal import Signal
from portico.watch.watched import Watched

log = logging.getLogger("portico.probes")

LATELY_LOOKS = 5
LATELY_S = 15.0
"""A place that sent nothing for so many looks, and at least so long, doesn't report."""


class Prober:
    """The watcher's loop asks it for reports and signals, and never waits for a look."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._settings = watched.settings.probes
        self._targets = targets.of_stack(watched, Expectations(watched))
        self._board = Board(HERE)
        self._far = far.Inbox(watched.home.watch, self._settings.places)
        self._agreed = Agreed(_agreement(watched.settings))
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        self._began = time.time()

    def start(self) -> None:
        self._began = time.time()
        for number, target in enumerate(self._targets):
            delay = self._settings.every_s * number / len(self._targets)
            thread = threading.Thread(
                target=self._run, args=(target, delay), daemon=True, name=f"probe-{target.name}"
            )
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Looks that are under way end by their timeouts."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(2 * self._settings.timeout_s)

    def reports(self) -> list[Report]:
        """The latest of each place and target, here and far, with what enough places agree on marked."""
        now = time.time()
        found = [*self._board.reports(), *self._far.reports()]
        return quorum.settled(found, self._rule(now), now)

    def signals(self, now: float) -> list[Signal]:
        """Asked for at each round: what places agree on is counted from one to the next."""
        silent = {report.place for report in self.reports() if report.target == PLACE}
        self._agreed.note(now, {HERE: self._board.counts(), **self._far.counts()}, silent)
        return [
            *self._board.signals(now),
            *self._far.signals(),
            *self._agreed.signals(),
            *self._ages(now),
        ]

    def _ages(self, now: float) -> Iterator[Signal]:
        """How long ago each place looked last."""
        last: dict[str, float] = {}
        for one in (*self._board.reports(), *self._far.reports()):
            last[one.place] = max(one.at, last.get(one.place, 0.0))
        for place, at in last.items():
            yield signal.of(metrics.AGE.name, max(0.0, now - at), place=place)

    def _rule(self, now: float) -> quorum.Rule:
        """Places that are expected are given time to report after the start."""
        settings = self._settings
        lately = max(LATELY_S, LATELY_LOOKS * max(settings.every_s, settings.timeout_s))
        expected = tuple(settings.places) if now - self._began > lately else ()
        return quorum.Rule(settings.fails, settings.agree, lately, expected)

    def _run(self, target: Target, delay: float) -> None:
        while not self._stopped.wait(delay):
            began = time.monotonic()
            seen = self._look(target)
            if seen is None:
                self._board.forget(target.name)
            else:
                self._board.note(target.name, seen, time.time())
            delay = max(0.0, self._settings.every_s - (time.monotonic() - began))

    def _look(self, target: Target) -> Outcome | None:
        """Whatever is half there, the thread goes on and looks again."""
        try:
            return target.look()
        except Exception as error:
            log.debug("the look at %s failed", target.name, exc_info=True)
            return Outcome(What.UNKNOWN, f"{target.name} could not be looked at: {error}")


def _agreement(settings: Settings) -> agreed.Rule:
    """A failure is a look of another place's away, its timeout, and the round that brings it."""
    probes = settings.probes
    window_s = settings.watch.every_s + 2 * probes.every_s + probes.timeout_s
    return agreed.Rule(probes.agree, 1 + len(probes.places), window_s)
