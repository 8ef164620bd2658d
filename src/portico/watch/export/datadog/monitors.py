"""Holds Datadog's monitors against our own alerts: who says something else for long is told. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portico.watch.export.datadog import mark
from portico.watch.export.datadog.standing import Disagreement

_METRIC = re.compile(r"\b(portico_\w+)\{")
OK, ALERT, NO_DATA = "OK", "Alert", "No Data"


@dataclass(frozen=True, slots=True)
class Theirs:
    """A monitor that we made. `alert` is the one of ours that it stands for, None for an anomaly's.

    `metrics` are those of ours that its query names.
    """

    id: int
    name: str
    alert: str | None
    state: str
    metrics: frozenset[str] = frozenset()


def read(answer: Iterable[Mapping[str, Any]], ours: Collection[str], made: Collection[int]) -> list[Theirs]:
    """Those of the API's list that are ours by their tags and by the ledger."""
    return [
        Theirs(
            int(one["id"]),
            str(one.get("name", "")),
            mark.value(one.get("tags") or [], mark.ALERT),
            str(one.get("overall_state", "")),
            frozenset(_METRIC.findall(str(one.get("query", "")))),
        )
        for one in answer
        if one.get("id") in made and set(ours) <= set(one.get("tags") or [])
    ]


def disagrees(theirs: Theirs, firing: Collection[str], told: Collection[str]) -> bool:
    """Without data it knows nothing, where we have `told` it of its metrics; Warn or Skipped say neither.

    One that stands for no alert of ours looks otherwise than we do, and may say what it likes.
    """
    if theirs.alert is None:
        return False
    if theirs.alert == mark.ALL or theirs.state == NO_DATA:
        return theirs.state == NO_DATA and theirs.metrics <= set(told)
    return (theirs.state == ALERT and theirs.alert not in firing) or (
        theirs.state == OK and theirs.alert in firing
    )


class Comparison:
    """Remembers since when each monitor says something else. Times are monotonic seconds."""

    def __init__(self, grace_s: float) -> None:
        self._grace_s = grace_s
        self._since: dict[tuple[int, str], float] = {}

    def look(
        self, now: float, theirs: Sequence[Theirs], firing: Collection[str], told: Collection[str]
    ) -> tuple[Disagreement, ...]:
        """Those for longer than the grace."""
        off = {(one.id, one.state): one for one in theirs if disagrees(one, firing, told)}
        self._since = {key: self._since.get(key, now) for key in off}
        return tuple(
            Disagreement(
                one.id,
                one.name,
                one.alert or "",
                one.state,
                ours=one.alert in firing,
                for_s=now - self._since[key],
            )
            for key, one in off.items()
            if now - self._since[key] >= self._grace_s
        )
