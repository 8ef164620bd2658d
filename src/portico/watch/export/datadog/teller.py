"""Tells Datadog, by an agent or by its API, or both: what the watcher holds. It never waits for them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

from portico.watch.collect.histogram import edge_of
from portico.watch.export.datadog import errands, keys, mark, notices
from portico.watch.export.datadog.api import Api
from portico.watch.export.datadog.lane import Errand, Turns
from portico.watch.export.datadog.notices import Check, From, Notice
from portico.watch.export.datadog.numbers import Numbers
from portico.watch.export.datadog.series import Origin
from portico.watch.export.datadog.standing import Standing
from portico.watch.export.exporter import Look
from portico.watch.export.statsd import Statsd
from portico.watch.slo import counting
from portico.watch.watched import Watched

SHORTEST_S = 0.2
LAST_S = 1.0


def made(watched: Watched) -> list[Teller]:
    return [Teller(watched)]


class Teller:
    """What an agent takes isn't sent by the API, too: it would count twice. Logs take the API alone."""

    def __init__(self, watched: Watched) -> None:
        settings = watched.settings
        self._watched, self._settings = watched, settings.datadog
        site = mark.site_id(watched.home.public_key)
        self._ours = (mark.MANAGED, mark.of_site(site))
        tags = mark.sent(site, self._settings.tags)
        self._told = From(socket.gethostname(), tags, tuple(keys.known(self._settings)))
        within = edge_of(counting.fitting(settings.slo.latency_ms / 1000))
        self._agent = Statsd(settings.watch.statsd, tags, within) if settings.watch.statsd else None
        self._api = Api(self._settings) if self._settings.api_key_file else None
        origin = Origin(self._told.host, tags, settings.watch.every_s, within)
        self._numbers = Numbers(self._api, origin) if self._api and not self._agent else None
        self._monitors: errands.Monitors | None = None
        self._turns = [Turns(errand) for errand in self._errands()]
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="datadog")
        self._thread.start()

    def tell(self, look: Look, /) -> None:
        if self._monitors:
            self._monitors.told = frozenset(signal.name for signal in look.signals)
        if self._agent:
            self._agent.send(look.signals, look.increases)
        if self._numbers:
            self._numbers.tell(look)

    def health(self) -> Standing:
        """Of all lanes together; what fails for the longest is told. An agent doesn't answer."""
        lanes = [turns.standing() for turns in self._turns]
        lanes += [self._numbers.standing()] if self._numbers else []
        worst = max(lanes, key=lambda lane: lane.failing_s)
        return Standing(
            "datadog",
            sent=sum(lane.sent for lane in lanes),
            refused=sum(lane.lost for lane in lanes),
            failing_s=worst.failing_s,
            trouble=f"{worst.name}: {worst.why}" if worst.failing_s else "",
            loss=next((lane.loss for lane in lanes if lane.loss), ""),
            silent_s=time.monotonic() - self._api.answered if self._api else 0.0,
            most_s=self._settings.silent_after_s,
            disagreements=self._monitors.disagreements if self._monitors else (),
        )

    def leave(self) -> None:
        self._leaving.set()
        if self._numbers:
            self._numbers.leave()

    def close(self) -> None:
        """Wait a moment for what is being sent; the ledger knows how far its events came."""
        self.leave()
        if self._numbers:
            self._numbers.close()
        self._thread.join(LAST_S)
        if self._agent:
            self._agent.close()

    def _run(self) -> None:
        while not self._leaving.is_set():
            due = min(turns.turn(time.monotonic()) for turns in self._turns)
            self._leaving.wait(max(SHORTEST_S, due - time.monotonic()))

    def _errands(self) -> Iterator[Errand]:
        ledger, told = self._watched.ledger, self._told
        yield errands.Events(ledger, told, self._notice)
        yield errands.Checks(ledger, told, self._check)
        if self._api:
            yield errands.Logs(ledger, told, self._api)
            yield errands.Key(self._api)
        if self._api and self._settings.app_key_file:
            grace_s = self._settings.disagree_after_s
            self._monitors = errands.Monitors(ledger, self._ours, self._api, grace_s)
            yield self._monitors

    def _notice(self, notice: Notice) -> None:
        if self._agent:
            self._agent.notice(notice, self._told)
        elif self._api:
            self._api.post("/api/v1/events", notices.event_body(notice, self._told), coding="")

    def _check(self, found: list[Check]) -> None:
        now = self._watched.ledger.now
        if self._agent:
            self._agent.check(found, self._told, now)
        elif self._api:
            self._api.post("/api/v1/check_run", notices.check_bodies(found, self._told, now), coding="")
