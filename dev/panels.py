"""What dashboards are described with: panels, and the parts of their queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RATE = "$__rate_interval"
Steps = tuple[tuple[float | None, str], ...]
"""From which value on which colour; the first has no lower end."""

GOOD_IS_ONE: Steps = ((None, "red"), (1, "green"))
GOOD_IS_ZERO: Steps = ((None, "green"), (1, "red"))


@dataclass(frozen=True)
class Panel:
    """`queries` are pairs of PromQL and what its series are called. `kind` is Grafana's."""

    title: str
    queries: tuple[tuple[str, str], ...]
    unit: str = "short"
    width: int = 8
    kind: str = "timeseries"
    told: str = ""
    steps: Steps = ((None, "green"),)
    stacked: bool = False


def series(name: str, **labels: str) -> str:
    """Of the chosen stacks; a label's value may begin with an operator, as `!=http`."""
    matchers = ['instance=~"$instance"', *(f"{key}{_matched(value)}" for key, value in labels.items())]
    return f"{name}{{{','.join(matchers)}}}"


def _matched(value: str) -> str:
    operator = next((one for one in ("=~", "!~", "!=") if value.startswith(one)), "")
    return f'{operator or "="}"{value.removeprefix(operator)}"'


def rate(name: str, **labels: str) -> str:
    return f"rate({series(name, **labels)}[{RATE}])"


def hourly(name: str) -> str:
    return f"increase({series(name)}[1h])"


def ratio(part: str, whole: str) -> str:
    return f"{part} / {whole}"


def by(labels: str, expr: str) -> str:
    return f"sum by ({labels}) ({expr})"


def quantile(share: float, name: str, **labels: str) -> str:
    return f"histogram_quantile({share}, {by('le', rate(f'{name}_bucket', **labels))})"


def stat(
    title: str, expr: str, unit: str = "short", *, steps: Steps = ((None, "green"),), **more: Any
) -> Panel:
    return Panel(title, ((expr, ""),), unit, kind="stat", width=more.pop("width", 4), steps=steps, **more)


def lines(title: str, *queries: tuple[str, str], unit: str = "short", **more: Any) -> Panel:
    return Panel(title, queries, unit, **more)


def portions(name: str, *shares: float) -> tuple[tuple[str, str], ...]:
    """Quantiles of a histogram, called p50 and so on."""
    return tuple((quantile(share, name), f"p{share * 100:.0f}") for share in shares)


Rows = Mapping[str, tuple[Panel, ...]]
