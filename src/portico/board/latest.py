"""The newest number of each series, looked up by metric and labels; what is old says nothing about now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from portico.watch import signal
from portico.watch.series.read import Known

OLD_S = 60.0


@dataclass(slots=True)
class Latest:
    """`at` is the newest sample's moment."""

    at: float = 0.0
    _by_name: dict[str, list[tuple[dict[str, str], float]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, known: Iterable[Known], now: float) -> Latest:
        found = cls()
        for one in known:
            if now - one.at <= OLD_S:
                name, labels = signal.parse(one.key)
                found.at = max(found.at, one.at)
                found._by_name[name].append((dict(labels), one.value))
        return found

    def each(self, name: str, **labels: str) -> Iterator[tuple[dict[str, str], float]]:
        for told, value in self._by_name.get(name, ()):
            if labels.items() <= told.items():
                yield told, value

    def value(self, name: str, **labels: str) -> float | None:
        """Of the first such series; None where there is none."""
        return next((value for _, value in self.each(name, **labels)), None)
