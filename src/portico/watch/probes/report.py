"""What is known of a target as seen from a place, look after look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from portico.watch.answer import What
from portico.watch.probes.looks import Outcome

EDGE, REDIRECT, CERTIFICATE, NAME, MIRROR, PLACE = (
    "edge",
    "redirect",
    "certificate",
    "dns",
    "mirror",
    "place",
)


_NAMED = frozenset({EDGE, REDIRECT, CERTIFICATE, NAME, MIRROR, PLACE})


def cluster(name: str) -> str:
    """The target that a cluster is: its name, unless another target is called so."""
    return f"cluster-{name}" if name in _NAMED else name


@dataclass(frozen=True, slots=True)
class Report:
    """The latest look. `fails` counts the failed ones in a row, `since` is when it became good or bad.

    `good_at` is when it was right last. `confirmed` says that enough places agree that it fails, `agreeing`
    names them (see `quorum`). Times are seconds since the epoch.
    """

    place: str
    target: str
    what: What
    sentence: str
    at: float
    since: float
    fails: int = 0
    good_at: float | None = None
    phases: Mapping[str, float] = field(default_factory=dict)
    confirmed: bool = False
    agreeing: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return self.fails == 0


def first(place: str, target: str, seen: Outcome, at: float) -> Report:
    blank = Report(place, target, What.UNKNOWN, "", at, at)
    return following(blank, seen, at)


def following(before: Report, seen: Outcome, at: float) -> Report:
    """The report after one more look. What could not be judged is neither good nor bad."""
    if seen.what is What.UNKNOWN:
        return replace(before, what=seen.what, sentence=seen.sentence, at=at, phases=seen.phases)
    turned = seen.ok != before.ok
    return replace(
        before,
        what=seen.what,
        sentence=seen.sentence,
        at=at,
        phases=seen.phases,
        since=at if turned else before.since,
        fails=0 if seen.ok else before.fails + 1,
        good_at=at if seen.ok else before.good_at,
    )
