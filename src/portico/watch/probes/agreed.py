"""Counts looks as the promises do: a bad one only where enough places see it in the same seconds. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from portico.watch import signal
from portico.watch.answer import What
from portico.watch.probes.metrics import AGREED, results
from portico.watch.probes.report import CERTIFICATE, NAME, REDIRECT
from portico.watch.signal import Signal

UNPROMISED = frozenset({REDIRECT, NAME, CERTIFICATE})
"""Targets of which no page is asked, so that no promise is held against them."""

Counts = Mapping[str, Mapping[What, int]]
"""A place's looks since its start, by target and what was seen."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`agree` places must see it within `window_s` seconds, of `places` that there are at most."""

    agree: int
    places: int
    window_s: float


@dataclass(frozen=True, slots=True)
class _Looks:
    at: float
    place: str
    what: What
    count: int

    @property
    def bad(self) -> bool:
        return self.what is not What.RIGHT


class Agreed:
    """Fed with all places' counts at each round. Bad looks wait until it is known who else saw them."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._known: dict[tuple[str, str], Mapping[What, int]] = {}
        self._lately: dict[str, list[_Looks]] = defaultdict(list)
        self._waiting: dict[str, list[_Looks]] = defaultdict(list)
        self._totals: dict[str, Counter[What]] = {}

    def note(self, now: float, found: Mapping[str, Counts], silent: Collection[str]) -> None:
        """What is new since the last round; `silent` places can't be told from a bad network of their own."""
        for place, counts in found.items():
            for target in counts.keys() - UNPROMISED:
                self._totals.setdefault(target, Counter())
                new = self._new(now, place, target, counts[target])
                if place not in silent:
                    self._lately[target] += new
                    self._waiting[target] += new
        for target in list(self._waiting):
            self._decide(target, now)

    def signals(self) -> Iterator[Signal]:
        for target, counts in self._totals.items():
            for what in dict.fromkeys((*results(target), *counts)):
                yield signal.of(AGREED.name, counts[what], target=target, result=what)

    def _new(self, now: float, place: str, target: str, counts: Mapping[What, int]) -> list[_Looks]:
        """A place that is heard of first may tell of long ago; one whose counts fell began anew."""
        before = self._known.get((place, target), counts)
        self._known[place, target] = dict(counts)
        grown = {what: count - before.get(what, 0) for what, count in counts.items()}
        if any(more < 0 for more in grown.values()):
            grown = dict(counts)
        return [
            _Looks(now, place, what, more)
            for what, more in grown.items()
            if more > 0 and what is not What.UNKNOWN
        ]

    def _decide(self, target: str, now: float) -> None:
        window_s = self._rule.window_s
        left = []
        for one in self._waiting[target]:
            if not one.bad or self._seen_by_enough(one, self._lately[target], now):
                self._totals[target][one.what] += one.count
            elif now - one.at <= window_s:
                left.append(one)
        self._waiting[target] = left
        needed = min((one.at for one in left), default=now) - window_s
        self._lately[target] = [one for one in self._lately[target] if one.at >= needed]

    def _seen_by_enough(self, one: _Looks, lately: Iterable[_Looks], now: float) -> bool:
        """Where fewer places look than must agree, all of those that look must: once all had the time to."""
        rule = self._rule
        near = [other for other in lately if abs(other.at - one.at) <= rule.window_s]
        failing = {other.place for other in near if other.bad}
        looking = failing | {other.place for other in near if other.at >= one.at}
        enough = rule.places if now - one.at <= rule.window_s else len(looking)
        return len(failing) >= min(rule.agree, enough)
