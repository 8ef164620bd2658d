"""An event in a line of words, for terminal and console. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portico.model import Event
from portico.release import steps

GOOD = (
    "live",
    "order.done",
    "replica.started",
    "edge.started",
    "finding.over",
    "body.repaired",
    "incident.closed",
)
BAD = (
    "order.failed",
    "replica.died",
    "replica.hung",
    "edge.died",
    "body.refused",
    "finding.open",
    "incident.opened",
)
"""Kinds of events that are good news, and bad."""

Took = Callable[[float], str]
Clock = Callable[[float, float], str]
"""A moment in words, given the present one."""


def said(event: Event, took: Took, clock: Clock) -> str:
    """What happened, beside the time and the kind: `a1  signal 9`."""
    if event.kind.startswith("finding."):
        return str(event.data.get("sentence", event.subject))
    if event.kind.startswith("incident.") and "title" in event.data:
        return f"{event.subject}  {event.data['title']}"
    if event.kind == "publish.step":
        told = [steps.said(str(event.data.get("step"))), took(float(event.data.get("seconds") or 0))]
        return "  ".join([_short(event.subject), *told])
    if event.kind == "drill" and event.data.get("told"):
        return f"{event.subject}  {event.data.get('result', '')}  {event.data['told']}"
    told = [
        _datum(key, value, event.at, took, clock)
        for key, value in _plain(event).items()
        if _is_told(key, value)
    ]
    return "  ".join([_short(event.subject), *told]).strip()


def _plain(event: Event) -> Mapping[str, Any]:
    """An action's order says in words what it does; its other arguments stay for `--json`, as moments do."""
    told = {key: value for key, value in event.data.items() if key != "expires"}
    args = told.get("args")
    return {**told, "args": {}, "": args["words"]} if isinstance(args, Mapping) and "words" in args else told


def _is_told(key: str, value: Any) -> bool:
    """Tables and lists stay for `--json`, but for what an order asked for."""
    return value not in (None, "", {}, []) and (key == "args" or not isinstance(value, Mapping | list))


def _datum(key: str, value: Any, now: float, took: Took, clock: Clock) -> str:
    if key == "seconds" and isinstance(value, int | float):
        return took(value)
    if key == "until" and isinstance(value, int | float):
        return f"{key} {clock(value, now)}"
    return f"{key} {_value(value)}".strip()


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key}={_value(inner)}" for key, inner in value.items())
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, list | tuple):
        return ", ".join(_value(inner) for inner in value)
    return _short(str(value))


def _short(text: str) -> str:
    """Ids in the length that people read."""
    return text[:12] if len(text) == 64 and all(c in "0123456789abcdef" for c in text) else text
