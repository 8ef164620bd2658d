"""Holds the promised availability against the worst case of the settings: an impossible one is refused.

An outage lasts until it is detected, decided and switched; several of the longest must fit in the budget.
"""

from __future__ import annotations

from dataclasses import dataclass

from portico.config import pace
from portico.config.models import Settings
from portico.kit.errors import ConfigError

DAY_S = 86400.0
_SHORTEST_EVERY_S = 0.5
"""The least that `probes/every_s` takes."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the way out of an outage; `sum` is how its seconds come about."""

    name: str
    seconds: float
    sum: str


@dataclass(frozen=True, slots=True)
class Promise:
    """The budget in seconds, and `incidents` times the longest outage, which must fit in it."""

    percent: float
    days: float
    incidents: int
    stages: tuple[Stage, ...]

    @property
    def budget_s(self) -> float:
        return (100 - self.percent) / 100 * self.days * DAY_S

    @property
    def longest_s(self) -> float:
        return sum(stage.seconds for stage in self.stages)

    @property
    def needed_s(self) -> float:
        return self.incidents * self.longest_s

    @property
    def fits(self) -> bool:
        """Equal is enough, whatever the last bits of the two sums are."""
        return self.needed_s <= self.budget_s + 1e-6

    @property
    def arithmetic(self) -> str:
        """`99.99 % of 30 days leaves 259.2 s; ...: 182 s to detect (...) + ... = 196.5 s`."""
        stages = " + ".join(f"{_s(stage.seconds)} {stage.name} ({stage.sum})" for stage in self.stages)
        return (
            f"{self.percent:g} % of {self.days:g} days leaves {_s(self.budget_s)}; the longest outage takes"
            f" {stages} = {_s(self.longest_s)}, and {self.incidents} of them {_s(self.needed_s)}"
        )


def of(settings: Settings) -> Promise:
    """The promise of these settings, with the worst case computed from them."""
    slo = settings.slo
    stages = (_detect(settings), _decide(settings), _switch(settings))
    return Promise(slo.availability, slo.window_days, slo.incidents, stages)


def check(settings: Settings, *, where: str) -> None:
    """Raises ConfigError, with the arithmetic and what to change. Without a watcher nothing is promised."""
    promise = of(settings)
    if settings.watch.enabled and not promise.fits:
        raise ConfigError(
            f"slo/availability: {promise.arithmetic}", where=where, hint=_hint(settings, promise)
        )


def _detect(settings: Settings) -> Stage:
    probes = settings.probes
    seconds = probes.every_s * probes.fails + probes.timeout_s
    told = f"{_s(probes.every_s)} x {probes.fails} looks + {_s(probes.timeout_s)} timeout"
    return Stage("to detect", seconds, told)


def _decide(settings: Settings) -> Stage:
    keeper_s = settings.keeper.tick_ms / 1000
    told = f"{_s(pace.WATCHER_TICK_S)} watcher's tick + {_s(keeper_s)} keeper's tick"
    return Stage("to decide", pace.WATCHER_TICK_S + keeper_s, told)


def _switch(settings: Settings) -> Stage:
    """A request walks past each replica that hangs, a new one is started, and the edge's checks see it."""
    replicas = len(settings.clusters.names) * settings.clusters.replicas
    walk_s = pace.HUNG_MS / 1000
    checks_s = (pace.EDGE_FALL + pace.EDGE_RISE) * pace.EDGE_CHECK_MS / 1000
    seconds = replicas * walk_s + checks_s + pace.STARTING_S
    told = (
        f"{_s(walk_s)} x {replicas} replicas that hang + {_s(checks_s)} edge's checks"
        f" + {_s(pace.STARTING_S)} start of a new one"
    )
    return Stage("to switch", seconds, told)


def _hint(settings: Settings, promise: Promise) -> str:
    """What would make it fit, each by itself."""
    probes, rest = settings.probes, promise.longest_s - settings.probes.every_s * settings.probes.fails
    every = (promise.budget_s / promise.incidents - rest) / probes.fails
    fitting = []
    if every >= _SHORTEST_EVERY_S:
        fitting.append(f"probes/every_s of at most {int(every * 10) / 10:g}")
    if promise.budget_s >= promise.longest_s:
        fitting.append(f"slo/incidents of at most {int(promise.budget_s / promise.longest_s)}")
    most = 100 * (1 - promise.needed_s / (promise.days * DAY_S))
    if most > 50:
        fitting.append(f"slo/availability of at most {int(most * 1000) / 1000:g}")
    return f"it would fit with {', or '.join(fitting)}" if fitting else "probe more often, or promise less"


def _s(seconds: float) -> str:
    """To the hundredth, so that what is shown adds up."""
    return f"{f'{seconds:.2f}'.rstrip('0').rstrip('.')} s"
