"""The metrics that are kept: which series each has, found by what a person typed."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from portico.kit.errors import Exit, MissingError
from portico.watch import registry, signal
from portico.watch.metric import Kind, Metric
from portico.watch.series.read import Known, Reader


class NotMeasuredError(MissingError):
    """Somebody asks for a metric, or a label, that there isn't."""

    code = Exit.USAGE


class NothingKeptError(MissingError):
    """It may be measured, and no number of it is there yet."""

    code = Exit.UNAVAILABLE


BUCKET, COUNT = "_bucket", "_count"
_GROWING = ("_total", BUCKET, COUNT, "_sum")


@dataclass(frozen=True, slots=True)
class Measure:
    """Series of one name. `metric` is None for a name that nobody declares."""

    name: str
    metric: Metric | None
    series: Mapping[str, Known]

    @property
    def is_histogram(self) -> bool:
        """Whether this is a histogram with all of its parts, to be shown by its quantiles."""
        return (
            self.metric is not None and self.metric.kind is Kind.HISTOGRAM and self.name == self.metric.name
        )

    @property
    def grows(self) -> bool:
        """Whether the series hold increases, which are shown as rates."""
        return self.name in registry.counters() or (self.metric is None and self.name.endswith(_GROWING))

    @property
    def unit(self) -> str:
        """The unit of its numbers; a histogram's counts have none."""
        return "" if self.metric is None or self.name.endswith((BUCKET, COUNT)) else self.metric.unit

    @property
    def at(self) -> float:
        return max(known.at for known in self.series.values())

    def part(self, ending: str) -> Measure:
        """A part of a histogram."""
        name = f"{self.name}{ending}"
        series = {key: known for key, known in self.series.items() if _name(key) == name}
        return Measure(name, self.metric, series)


def by_metric(found: Iterable[Known]) -> list[Measure]:
    """Sorted by name, histograms whole."""

    def name(known: Known) -> str:
        metric = registry.find(_name(known.key))
        return metric.name if metric else _name(known.key)

    return _grouped(found, name)


def _by_signal(found: Iterable[Known]) -> list[Measure]:
    return _grouped(found, lambda known: _name(known.key))


def _grouped(found: Iterable[Known], name: Callable[[Known], str]) -> list[Measure]:
    named: dict[str, dict[str, Known]] = defaultdict(dict)
    for known in found:
        named[name(known)][known.key] = known
    return [Measure(name, registry.find(name), series) for name, series in sorted(named.items())]


def _name(key: str) -> str:
    return signal.parse(key)[0]


def find(given: str, reader: Reader) -> Measure:
    """What has that name or key; `portico_` may be left out. Raises NotMeasuredError, NothingKeptError."""
    found = reader.names()
    if not found:
        raise NothingKeptError(
            "nothing was measured yet", hint="portico up; the watcher writes its first numbers in seconds"
        )
    single = [
        Measure(_name(known.key), registry.find(_name(known.key)), {known.key: known}) for known in found
    ]
    named = {measure.name: measure for measure in (*_by_signal(found), *by_metric(found))}
    keyed = {key: measure for measure in single for key in measure.series}
    for name in (given, f"portico_{given}"):
        if name in named or name in keyed:
            return named.get(name) or keyed[name]
    if registry.find(_name(given)):
        raise NothingKeptError(f"nothing is kept of {given}", hint="portico metrics list")
    close = difflib.get_close_matches(_name(given), named, 3, 0.6)
    raise NotMeasuredError(
        f"there is no metric {given!r}",
        hint=f"did you mean {' or '.join(close)}?" if close else "portico metrics list",
    )


def labelled(measure: Measure, wanted: Sequence[str]) -> list[str]:
    """The keys whose labels are so: `cluster=a`. Raises NotMeasuredError, which lists what there is."""
    asked = dict(_pair(text) for text in wanted)
    found = [key for key in measure.series if asked.items() <= dict(signal.parse(key)[1]).items()]
    if not found:
        there = sorted({f"{name}={value}" for key in measure.series for name, value in signal.parse(key)[1]})
        raise NotMeasuredError(
            f"{measure.name} has no series with {' and '.join(wanted)}",
            hint=f"there are {', '.join(there[:12])}" if there else "it has no labels",
        )
    return sorted(found)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise NotMeasuredError(
            f"expected NAME=VALUE, got {text!r}", where="--label", hint="--label cluster=a"
        )
    return name, value
