"""The latest numbers as OpenMetrics 1.0 text, for Prometheus and whoever reads the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from portico.watch import registry
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def render(signals: Iterable[Signal]) -> bytes:
    """Each metric with its type, unit and help, its series together; what isn't registered is left out."""
    families: dict[str, list[Signal]] = defaultdict(list)
    for signal in signals:
        if metric := registry.find(signal.name):
            families[metric.name].append(signal)
    lines = (
        line for name, found in sorted(families.items()) for line in _family(registry.METRICS[name], found)
    )
    return "\n".join([*lines, "# EOF", ""]).encode()


def _family(metric: Metric, signals: Sequence[Signal]) -> Iterator[str]:
    name = metric.name.removesuffix("_total") if metric.kind is Kind.COUNTER else metric.name
    yield f"# TYPE {name} {metric.kind}"
    if metric.unit:
        yield f"# UNIT {name} {metric.unit}"
    yield f"# HELP {name} {_escaped(metric.help)}"
    for signal in signals:
        yield f"{signal.key} {_number(signal.value)}"


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
