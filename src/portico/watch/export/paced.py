"""An exporter by HTTP that ships not each round of numbers, but one every so many seconds."""

from __future__ import annotations

from portico.watch.export.exporter import Look
from portico.watch.export.posting import Poster
from portico.watch.export.shipping import Health, Shipper

EARLY_S = 0.5
"""Rounds are not to the millisecond; one that comes so much too early is in time."""


class Paced:
    """Counters are sent as totals, so that the rounds that are left out cost nothing."""

    def __init__(self, shipper: Shipper[Look], poster: Poster, every_s: float) -> None:
        self._shipper, self._poster, self._every_s = shipper, poster, every_s
        self._last = 0.0

    def tell(self, look: Look, /) -> None:
        if abs(look.at - self._last) >= self._every_s - EARLY_S:
            self._last = look.at
            self._shipper.tell(look)

    def health(self) -> Health:
        return self._shipper.health()

    def leave(self) -> None:
        self._shipper.leave()

    def close(self) -> None:
        self._shipper.close()
        self._poster.close()
