"""The watcher's loop. A tick: look, judge, record, group, react, tell."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable
from functools import partial

from portico.kit import ballast
from portico.model import Finding, Severity
from portico.respond import absence, listener, pages, practice, summary
from portico.respond.actions.plan import Reactions
from portico.respond.delivery.courier import Courier
from portico.respond.incidents import book
from portico.respond.sight import Sight
from portico.watch.alerts.judge import Judge
from portico.watch.alerts.table import ALERTS
from portico.watch.probes.intake import Intake
from portico.watch.series import read
from portico.watch.slo import harm
from portico.watch.view import View
from portico.watch.watched import Watched

log = logging.getLogger("portico.watcher")

TICK_S = 0.5
MAINTAIN_S = 5.0
SHOW_S = 1.0


class Loop:
    """One watcher a home; the caller holds the lock. It never acts on the stack: it orders and tells."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._ledger = watched.ledger
        self._sight = Sight(watched)
        self._judge = Judge(ALERTS, [finding for finding, _ in watched.ledger.findings()])
        self._harm = partial(harm.bad_answers, read.Reader(watched.home.series))
        self._absence = absence.Telling(watched.ledger)
        self._reactions = Reactions(watched)
        self._courier = Courier(watched)
        routes = [
            listener.metrics(self._sight.exposed),
            *listener.probes(Intake(watched)),
            *pages.routes(watched),
        ]
        self._listener = listener.Listener(watched.settings.watch, watched.home.watch_port, routes)
        self._shown_at = 0.0
        self._failing: dict[str, str] = {}
        self._stopped = threading.Event()

    def run(self) -> None:
        """Until `stop`."""
        self._listener.start()
        for at, looks in self._absence.missed(self._watched.settings.probes.every_s):
            self._sight.series.append(at, looks)
        self._sight.start()
        threading.Thread(target=self._maintain, daemon=True, name="series").start()
        try:
            while not self._stopped.is_set():
                began = time.monotonic()
                self._try("look", self.tick)
                self._stopped.wait(max(0.05, began + TICK_S - time.monotonic()))
        finally:
            self._courier.stop()
            self._sight.stop()

    def stop(self) -> None:
        self._stopped.set()

    def tick(self) -> None:
        """One look and what follows from it. What fails is logged and tried again; looking goes on."""
        now = time.time()
        practised = practice.asked(self._ledger, ALERTS, now)
        view = practice.overlaid(self._sight.look(now), practised)
        found = {
            **self._judge.findings(view),
            **self._courier.troubles(),
            **self._absence.findings(now),
            **self._own_troubles(),
        }
        self._try("record", lambda: self._record(practice.marked(found, practised)))
        self._try("group", lambda: book.keep(self._ledger, now, self._harm))
        self._try("react", lambda: self._reactions.tick(now))
        self._try("tell", lambda: self._courier.tick(now))
        self._try("show", lambda: self._show(view))
        self._beat()

    def _record(self, found: dict[str, Finding]) -> None:
        self._ledger.reconcile_findings(found, source="watch")

    def _show(self, view: View) -> None:
        if abs(view.now - self._shown_at) >= SHOW_S:
            self._shown_at = view.now
            self._ledger.see("watch", summary.of(view, self._listener.address))

    def _try(self, what: str, act: Callable[[], object]) -> None:
        """What fails is logged once, found, and tried again; one part's fault must not end the looking."""
        try:
            act()
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            if self._failing.get(what) != told:
                log.exception("%s failed; it is tried again", what)
            self._failing[what] = told
            if ballast.is_full(error):
                ballast.give_up(self._watched.home.ballast)
        else:
            self._failing.pop(what, None)

    def _own_troubles(self) -> dict[str, Finding]:
        found = {}
        for what, why in list(self._failing.items()):
            key = f"rule-failed:{what}"
            sentence = f"The watcher can't {what}, and tries again: {why}"
            found[key] = Finding(key, Severity.WARNING, sentence, {"part": "watcher"})
        return found

    def _beat(self) -> None:
        """Show the keeper that this process isn't hung."""
        with contextlib.suppress(FileNotFoundError):
            os.utime(self._watched.home.record("watcher"))

    def _maintain(self) -> None:
        """Rolling up and forgetting takes longer than a tick may."""
        while not self._stopped.wait(MAINTAIN_S):
            self._try("maintain", lambda: self._sight.series.maintain(time.time()))
