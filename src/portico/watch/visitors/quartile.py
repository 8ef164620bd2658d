"""What three of four visits were not worse than, from a histogram's buckets. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

SHARE = 0.75


@dataclass(slots=True)
class Buckets:
    """How many visits were up to each bound, by bound; infinity's are all of them."""

    up_to: dict[float, float] = field(default_factory=dict)

    def add(self, bound: float, visits: float) -> None:
        self.up_to[bound] = self.up_to.get(bound, 0.0) + visits

    @property
    def visits(self) -> int:
        return round(self.up_to.get(float("inf"), 0.0))

    def shares(self, bounds: Iterable[float]) -> list[float]:
        """Of all visits, those between each bound and the one before; none where there are no visits."""
        if not self.visits:
            return []
        found = [self.up_to.get(bound, 0.0) / self.visits for bound in (*bounds, float("inf"))]
        return [after - before for before, after in zip((0.0, *found[:-1]), found, strict=True)]


def merged(all_of_them: Iterable[Buckets]) -> Buckets:
    whole = Buckets()
    for one in all_of_them:
        for bound, visits in one.up_to.items():
            whole.add(bound, visits)
    return whole


def of(buckets: Buckets, least: int = 1, share: float = SHARE) -> float | None:
    """As if a bucket's visits were spread evenly; None where there are fewer than `least`.

    Beyond the last bound nothing is known but that: the answer is the bound.
    """
    if buckets.visits < max(1, least):
        return None
    wanted = share * buckets.visits
    low, below = 0.0, 0.0
    for bound, visits in sorted(buckets.up_to.items()):
        if visits >= wanted:
            within = (wanted - below) / (visits - below)
            return low if bound == float("inf") else low + (bound - low) * within
        low, below = bound, visits
    return low


Tallies = Mapping[tuple[str, str, str], Buckets]
"""By vital, device and kind of page."""


def over(tallies: Tallies, *, vital: str, device: str = "", kind: str = "") -> Buckets:
    """Of one vital; an empty device or kind means all of them."""
    return merged(
        found
        for (of_vital, of_device, of_kind), found in tallies.items()
        if of_vital == vital and device in {"", of_device} and kind in {"", of_kind}
    )
