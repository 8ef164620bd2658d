"""What a run of the load player came to: counted while it runs, told in one frozen value at its end."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from hdrh.histogram import HdrHistogram

_LONGEST_US = 120_000_000
_FAULTS = 500


class Failure(StrEnum):
    REFUSED = "refused"
    RESET = "reset"
    TLS = "tls"
    TIMEOUT = "timeout"
    STATUS = "status"
    SHORT = "short"
    GARBLED = "garbled"
    WRONG = "wrong body"


@dataclass(slots=True)
class Second:
    """Requests by the second in which they were meant to be sent; `slowest` in ms."""

    sent: int = 0
    answered: int = 0
    failed: int = 0
    slowest: float = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """One failed request, by when it was meant to be sent: seconds from the run's start."""

    at: float
    failure: Failure
    why: str

    def __str__(self) -> str:
        return f"at {self.at:.3f} s: {self.failure}: {self.why}"


@dataclass(frozen=True, slots=True)
class Played:
    """Times are in ms, from the intended send time; `started` is in seconds since the epoch.

    `answered` counts right answers only; `retried` those requests that a closed idle connection made the
    visitor send again. `void` says why the run proves nothing. `faults` are the first failures.
    """

    started: float
    seconds: float
    rate: float
    sent: int
    answered: int
    failed: dict[str, int]
    retried: int
    p50: float
    p90: float
    p99: float
    p999: float
    slowest: float
    lag_p99: float
    void: str = ""
    faults: tuple[Fault, ...] = ()
    timeline: tuple[Second, ...] = ()

    @property
    def failures(self) -> int:
        return sum(self.failed.values())

    def dumps(self) -> str:
        return json.dumps(asdict(self))


def loads(text: str) -> Played:
    fields: dict[str, Any] = json.loads(text)
    fields["faults"] = tuple(
        Fault(fault["at"], Failure(fault["failure"]), fault["why"]) for fault in fields["faults"]
    )
    fields["timeline"] = tuple(Second(**second) for second in fields["timeline"])
    return Played(**fields)


@dataclass(slots=True)
class Tally:
    """The player's own counting. Times given to it are seconds from the run's start."""

    sent: int = 0
    answered: int = 0
    retried: int = 0
    unsent: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    timeline: list[Second] = field(default_factory=list)
    latency: HdrHistogram = field(default_factory=lambda: HdrHistogram(1, _LONGEST_US, 3))
    lag: HdrHistogram = field(default_factory=lambda: HdrHistogram(1, _LONGEST_US, 3))

    def send(self, intended: float, now: float) -> None:
        self.sent += 1
        self._second(intended).sent += 1
        self.lag.record_value(_microseconds(now - intended))

    def answer(self, intended: float, now: float) -> None:
        self.answered += 1
        self._take(intended, now).answered += 1

    def fail(self, failure: Failure, intended: float, now: float, why: str) -> None:
        self.failed[failure] += 1
        self._take(intended, now).failed += 1
        if len(self.faults) < _FAULTS:
            self.faults.append(Fault(round(intended, 6), failure, why))

    def _take(self, intended: float, now: float) -> Second:
        taken = now - intended
        self.latency.record_value(_microseconds(taken))
        second = self._second(intended)
        second.slowest = max(second.slowest, round(taken * 1000, 3))
        return second

    def _second(self, intended: float) -> Second:
        while len(self.timeline) <= intended:
            self.timeline.append(Second())
        return self.timeline[int(intended)]

    def void(self, lag_ms: float) -> str:
        """Why this run proves nothing, or nothing."""
        if not self.sent:
            return "no request was sent"
        if self.unsent:
            reason, count = self.unsent.most_common(1)[0]
            return f"the player could not send {count} requests: {reason}"
        lag = self.lag_p99()
        if lag > lag_ms:
            return f"the player itself lagged {lag:.0f} ms at its 99th percentile, at most {lag_ms:.0f} count"
        return ""

    def lag_p99(self) -> float:
        return _milliseconds(self.lag, 99)

    def close(self, *, started: float, seconds: float, rate: float, lag_ms: float) -> Played:
        p50, p90, p99, p999, slowest = (_milliseconds(self.latency, part) for part in (50, 90, 99, 99.9, 100))
        return Played(
            started=round(started, 3),
            seconds=round(seconds, 3),
            rate=rate,
            sent=self.sent,
            answered=self.answered,
            failed=dict(self.failed),
            retried=self.retried,
            p50=p50,
            p90=p90,
            p99=p99,
            p999=p999,
            slowest=slowest,
            lag_p99=self.lag_p99(),
            void=self.void(lag_ms),
            faults=tuple(self.faults),
            timeline=tuple(self.timeline),
        )


def _microseconds(seconds: float) -> int:
    return min(max(int(seconds * 1_000_000), 0), _LONGEST_US)


def _milliseconds(histogram: HdrHistogram, percentile: float) -> float:
    return round(float(histogram.get_value_at_percentile(percentile)) / 1000, 3)
