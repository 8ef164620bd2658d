"""When drills ran: what died in one of them was practised, and is no trouble of the month. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from portico.model import Event


@dataclass(frozen=True, slots=True)
class Practices:
    """Times from `begins` to `ends`, in order; no two drills run at once."""

    begins: tuple[float, ...] = ()
    ends: tuple[float, ...] = ()

    def held(self, at: float) -> bool:
        """Whether a drill ran at that moment."""
        number = bisect_right(self.begins, at) - 1
        return number >= 0 and at <= self.ends[number]


NONE = Practices()


def of(events: Iterable[Event]) -> Practices:
    """From `drill.began` and `drill.ended` as they follow each other.

    One that was killed itself told no end; it is taken to have lasted as long as it said that it might. A
    drill that isn't `live` showed an alert its fixture, and broke nothing.
    """
    begins: list[float] = []
    ends: list[float] = []
    for event in events:
        if event.kind == "drill.began" and event.data.get("live", True):
            begins.append(event.at)
            ends.append(float(event.data["until"]))
        elif event.kind == "drill.ended" and ends:
            ends[-1] = min(ends[-1], event.at)
    return Practices(tuple(begins), tuple(ends))
