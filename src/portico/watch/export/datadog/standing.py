"""How telling Datadog goes: what the alerts on it are judged by."""

from __future__ import annotations

from dataclasses import dataclass

from portico.watch.export.shipping import Health


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A monitor that has said something else than we do for `for_s` seconds. `ours` is whether we see it."""

    monitor: int
    name: str
    alert: str
    theirs: str
    ours: bool
    for_s: float


@dataclass(frozen=True, slots=True)
class Standing(Health):
    """`silent_s` is the time since the last good answer, `most_s` the longest that is no trouble."""

    silent_s: float = 0.0
    most_s: float = 300.0
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def silent(self) -> bool:
        return self.silent_s > self.most_s
