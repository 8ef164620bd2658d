"""An event as one line for people. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from portico.cli import screen, words
from portico.model import Event
from portico.release import steps

_GOOD = (
    "live",
    "order.done",
    "replica.started",
    "edge.started",
    "finding.over",
    "body.repaired",
    "incident.closed",
)
_BAD = (
    "order.failed",
    "replica.died",
    "replica.hung",
    "edge.died",
    "body.refused",
    "finding.open",
    "incident.opened",
)

QUIET = frozenset({"frozen", "order.given", "order.taken", "publish.step", "released"})
"""What the live view leaves out: the same story is told by what follows."""


def line(event: Event, now: float) -> Text:
    """`04:16:03  replica.died  a1  signal 9`."""
    return Text.assemble(
        (f"{words.clock(event.at, now)}  ", screen.CALM),
        (f"{event.kind:<16} ", _colour(event)),
        _subject(event),
    )


def _colour(event: Event) -> str:
    if event.kind in _GOOD:
        return screen.GOOD
    return screen.BAD if event.kind in _BAD else ""


def _subject(event: Event) -> str:
    if event.kind.startswith("finding."):
        return str(event.data.get("sentence", event.subject))
    if event.kind.startswith("incident.") and "title" in event.data:
        return f"{event.subject}  {event.data['title']}"
    if event.kind == "publish.step":
        said = [
            steps.said(str(event.data.get("step"))),
            words.duration(float(event.data.get("seconds") or 0)),
        ]
    else:
        said = [_datum(key, value, event.at) for key, value in _plain(event).items() if _is_told(key, value)]
    return "  ".join([_short(event.subject), *said]).strip()


def _plain(event: Event) -> Mapping[str, Any]:
    """An action's order says in words what it does; its other arguments stay for `--json`, as moments do."""
    said = {key: value for key, value in event.data.items() if key != "expires"}
    args = said.get("args")
    return {**said, "args": {}, "": args["words"]} if isinstance(args, Mapping) and "words" in args else said


def _is_told(key: str, value: Any) -> bool:
    """Tables and lists stay for `--json`, but for what an order asked for."""
    return value not in (None, "", {}, []) and (key == "args" or not isinstance(value, Mapping | list))


def _datum(key: str, value: Any, now: float) -> str:
    if key == "seconds" and isinstance(value, int | float):
        return words.duration(value)
    if key == "until" and isinstance(value, int | float):
        return f"{key} {words.clock(value, now)}"
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
    return words.short(text) if len(text) == 64 and all(c in "0123456789abcdef" for c in text) else text
