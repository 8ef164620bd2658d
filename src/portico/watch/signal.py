"""A signal: one measured number. Collectors give them, exporters and the store of series take them."""

from __future__ import annotations

import re
from dataclasses import dataclass

Labels = tuple[tuple[str, str], ...]
"""Names and values, sorted by name."""

_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n"}


@dataclass(frozen=True, slots=True)
class Signal:
    """A counter's value is its total as read from the source; a gauge's is what it is now."""

    name: str
    value: float
    labels: Labels = ()

    @property
    def key(self) -> str:
        return key(self.name, self.labels)


def of(name: str, value: float, **labels: str) -> Signal:
    return Signal(name, float(value), tuple(sorted(labels.items())))


def key(name: str, labels: Labels) -> str:
    """The series' name as Prometheus writes it: `name{a="b",c="d"}`."""
    if not labels:
        return name
    inner = ",".join(f'{label}="{_escaped(value)}"' for label, value in labels)
    return f"{name}{{{inner}}}"


def parse(text: str) -> tuple[str, Labels]:
    """The opposite of `key`."""
    name, _, rest = text.partition("{")
    return name, tuple((label, _plain(value)) for label, value in _LABEL.findall(rest))


def _escaped(value: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in value)


def _plain(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value)
