"""How much load a drill lays on, and for how long: the bounds are the same wherever it is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portico.kit.errors import PorticoError

RATES = (1, 5000)
"""Requests a second."""

SECONDS = (0, 600)
"""The load lasts at least so long; 0 is as long as the drill takes."""

RATE, LASTS = 100, 0
"""What holds where nothing is said."""

_BOUNDS = {"rate": RATES, "seconds": SECONDS}


@dataclass(frozen=True, slots=True)
class Terms:
    """The load around a drill: `rate` requests a second, seconds before and after, visitors' addresses.

    `seconds` is how long it lasts at least, in all.
    """

    rate: float = RATE
    before_s: int = 2
    after_s: float = 1.5
    visitors: int = 16
    seconds: float = LASTS


USUAL = Terms()


def chosen(args: Mapping[str, Any]) -> dict[str, float]:
    """Of an order's arguments those that say something else than usual. Raises PorticoError out of bounds."""
    found = {name: args[name] for name in _BOUNDS if name in args}
    for name, value in found.items():
        least, most = _BOUNDS[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise PorticoError(f"expected {name} to be a number from {least} to {most}, got {value!r}")
    usual = {"rate": RATE, "seconds": LASTS}
    return {name: value for name, value in found.items() if value != usual[name]}
