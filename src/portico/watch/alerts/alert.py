"""What an alert is: a rule over the view, with all that proves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from portico.model import Severity
from portico.watch.view import View


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a rule saw. `place` tells troubles of one alert apart (a cluster, a disk); it may be empty."""

    sentence: str
    place: str = ""
    severity: Severity | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A fixture: series key -> (seconds ago, value) points, and facts; the rule is asked at the end of it."""

    points: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alert:
    """`metrics` are the names that the rule reads. `for_s` so long it must hold, `clear_s` be over, seconds.

    `source` says who judges: `watch` by the `rule`, or the keeper or the watcher's own parts without one.
    `fires` and `quiet` are the cases that prove the rule. `felt` alerts are symptoms, which page people.
    """

    name: str
    severity: Severity
    meaning: str
    metrics: tuple[str, ...] = ()
    rule: Callable[[View], Iterator[Trouble]] | None = None
    fires: Case = Case()
    quiet: Case = Case()
    for_s: float = 0.0
    clear_s: float = 5.0
    felt: bool = False
    source: str = "watch"
