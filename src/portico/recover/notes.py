"""What a drill notes while it runs. Times are in seconds since the epoch."""

from __future__ import annotations

import time
from collections.abc import Collection, Generator
from dataclasses import dataclass, field
from typing import Any

Acting = Generator[None, None, None]
"""A drill under way: each `yield` waits a moment; closed early, it undoes what it did."""


@dataclass(slots=True)
class Notes:
    """`hit` are the servers that the edge should stop asking. `cuts`: what was under way then could not be
    saved by anybody, as the connection itself was killed. `wrong` are promises that were not kept.
    """

    struck_at: float | None = None
    told: str = ""
    hit: frozenset[str] = frozenset()
    ejected_at: float | None = None
    healed_at: float | None = None
    cuts: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    measured: dict[str, Any] = field(default_factory=dict)

    def strike(self, told: str, hit: Collection[str] = ()) -> None:
        """Say what is about to be done, right before it is done."""
        self.told, self.hit, self.struck_at = told, frozenset(hit), time.time()

    def healed(self) -> None:
        self.healed_at = time.time()

    def look(self, down: Collection[str]) -> None:
        """Note the first moment at which the edge asks none of what was hit."""
        if self.hit and self.ejected_at is None and self.hit <= set(down):
            self.ejected_at = time.time()

    @property
    def eject_s(self) -> float | None:
        return self._since_strike(self.ejected_at)

    @property
    def heal_s(self) -> float | None:
        return self._since_strike(self.healed_at)

    def _since_strike(self, at: float | None) -> float | None:
        return None if at is None or self.struck_at is None else round(at - self.struck_at, 3)
