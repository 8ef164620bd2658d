"""What of an object there isn't as it shall be, field by field. What the service adds counts not. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_SETS = {"tags", "locations", "time_windows"}
"""Lists whose order says nothing."""

_ALIKE = {"metric alert": "query alert"}
"""Datadog's two words for a monitor over metrics, of which it chooses one itself."""

NOTHING = None


@dataclass(frozen=True, slots=True)
class Change:
    """`where` is the field's path, as `options.thresholds.critical`."""

    where: str
    theirs: Any
    ours: Any


def changes(ours: Any, theirs: Any, where: str = "") -> Iterator[Change]:
    """Of what we want, what is there otherwise or not at all."""
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        for name, value in ours.items():
            yield from changes(value, theirs.get(name, NOTHING), f"{where}.{name}" if where else name)
    elif _are_lists(ours, theirs) and where.rpartition(".")[2] in _SETS:
        if set(map(str, ours)) != set(map(str, theirs)):
            yield Change(where, sorted(map(str, theirs)), sorted(map(str, ours)))
    elif _are_lists(ours, theirs) and len(ours) == len(theirs):
        for number, (want, have) in enumerate(zip(ours, theirs, strict=True)):
            yield from changes(want, have, f"{where}[{number}]")
    elif not _same(ours, theirs):
        yield Change(where, theirs, ours)


def _are_lists(ours: Any, theirs: Any) -> bool:
    return all(isinstance(one, Sequence) and not isinstance(one, str) for one in (ours, theirs))


def _same(ours: Any, theirs: Any) -> bool:
    """Numbers by their value, texts without what surrounds them."""
    if isinstance(ours, str) and isinstance(theirs, str):
        return _ALIKE.get(ours.strip(), ours.strip()) == _ALIKE.get(theirs.strip(), theirs.strip())
    return bool(ours == theirs) and isinstance(ours, bool) == isinstance(theirs, bool)
