"""How the promises to visitors stand now: for the watcher's loop every few seconds, and `portico slo`."""

from __future__ import annotations

from typing import Protocol

from portico.config.models import Settings
from portico.watch.slo import budget, counting
from portico.watch.slo.budget import Promise, State
from portico.watch.slo.counting import Indicator
from portico.watch.slo.history import History, Reader


class Configured(Protocol):
    """`Watched`, or a `Config`."""

    @property
    def settings(self) -> Settings: ...


class Slos:
    """Holds what was counted in the promises' window, so that a look reads only what is new."""

    def __init__(self, watched: Configured, reader: Reader) -> None:
        self._promises = counting.promises(watched.settings)
        indicators = [one for group in self._promises.values() for one in group]
        self._history = History(reader, indicators, watched.settings)

    def look(self, now: float) -> list[State]:
        """One state for each promise, in the order of the settings."""
        self._history.read(now)
        return [
            budget.worst([self._state(promise, indicator, now) for indicator in indicators])
            for promise, indicators in self._promises.items()
        ]

    def _state(self, promise: Promise, indicator: Indicator, now: float) -> State:
        def count(seconds: float) -> budget.Counted:
            return self._history.count(indicator, now, seconds)

        return budget.judge(promise, count, indicator.by)
