"""What the load player is to do: whom to ask, for what, how often."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from portico.model import Digest


@dataclass(frozen=True, slots=True)
class Target:
    """A path and what it must answer; `digests` are the raw bodies that are right, none takes any.

    `host` is what is asked for there, with its port, where it isn't the plan's.
    """

    path: str
    digests: tuple[Digest, ...] = ()
    status: int = 200
    weight: float = 1
    host: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """`rate` requests a second for at most `seconds`, evenly, or as a Poisson process where `poisson` is on.

    `trusted` is the file of trusted certificates (None: the system's), `at` the host and port to connect to
    where the address's name leads elsewhere. `connections` are opened beforehand, more whenever all are busy,
    up to `most`. `visitors` is from how many loopback addresses they come. A request gets `timeout_s`; a
    player that lags more than `lag_ms` at its 99th percentile voids its run.
    """

    address: str
    targets: tuple[Target, ...]
    rate: float
    seconds: float
    trusted: str | None = None
    at: tuple[str, int] | None = None
    poisson: bool = False
    seed: int = 1
    connections: int = 32
    most: int = 4000
    visitors: int = 16
    timeout_s: float = 10
    lag_ms: float = 50

    def times(self) -> Iterator[float]:
        """When each request is meant to be sent, in seconds from the start."""
        if not self.poisson:
            yield from (number / self.rate for number in range(int(self.rate * self.seconds)))
            return
        dice, at = random.Random(self.seed), 0.0  # noqa: S311 - a schedule, not a secret
        while (at := at + dice.expovariate(self.rate)) < self.seconds:
            yield at

    def choices(self) -> Iterator[Target]:
        """Targets without end, by weight; the same seed gives the same ones."""
        dice, weights = random.Random(self.seed), [target.weight for target in self.targets]  # noqa: S311 - as above
        while True:
            yield from dice.choices(self.targets, weights, k=256)

    def dumps(self) -> str:
        return json.dumps(asdict(self))


def loads(text: str) -> Plan:
    """Raises ValueError, TypeError or KeyError on anything but a plan."""
    fields: dict[str, Any] = json.loads(text)
    targets = tuple(
        Target(**{**target, "digests": tuple(target.get("digests", ()))}) for target in fields.pop("targets")
    )
    at = fields.pop("at", None)
    return Plan(targets=targets, at=at and (at[0], at[1]), **fields)
