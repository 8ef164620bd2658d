"""How numbers, times and states are written on a page: the filters of every template."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from jinja2.runtime import Context
from markupsafe import Markup

from portico.board import words

_STATES: Mapping[str, str] = {
    "up": "good",
    "done": "good",
    "pass": "good",
    "well": "good",
    "starting": "fair",
    "degraded": "fair",
    "waiting": "fair",
    "taken": "fair",
    "hold": "fair",
    "warning": "fair",
    "drained": "calm",
    "info": "calm",
    "hung": "bad",
    "down": "bad",
    "failed": "bad",
    "fail": "bad",
    "critical": "bad",
}


@jinja2.pass_context
def ago(context: Context, at: float | None) -> Markup | str:
    """A moment as how long ago it was; the browser counts on by itself."""
    if at is None:
        return words.NOTHING
    return _time(context, at, f"{words.span(context['now'] - at)} ago", "ago")


@jinja2.pass_context
def since(context: Context, at: float | None) -> Markup | str:
    """A moment as how long it goes on."""
    return words.NOTHING if at is None else _time(context, at, words.span(context["now"] - at), "since")


@jinja2.pass_context
def clock(context: Context, at: float | None) -> Markup | str:
    """The time of day, with the date when it was another day."""
    if at is None:
        return words.NOTHING
    found, today = _local(context, at), _local(context, context["now"])
    text = found.strftime("%H:%M:%S" if found.date() == today.date() else "%d %b %H:%M")
    return _time(context, at, text, "clock")


@jinja2.pass_context
def moment(context: Context, at: float) -> str:
    """The same as `clock`, as text alone: for a picture's titles."""
    found, today = _local(context, at), _local(context, context["now"])
    return found.strftime("%H:%M" if found.date() == today.date() else "%d %b %H:%M")


def _time(context: Context, at: float, text: str, told_as: str) -> Markup:
    exact = _local(context, at).isoformat(timespec="seconds")
    return Markup('<time datetime="{}" data-as="{}" data-at="{}" title="{}">{}</time>').format(
        exact, told_as, round(at, 1), exact.replace("T", " "), text
    )


def _local(context: Context, at: float) -> datetime:
    """All that a page tells is told in one zone, which it names; messages are told in the same."""
    return datetime.fromtimestamp(at, ZoneInfo(context["zone"]))


def tone(state: object) -> str:
    """The colour and shape of a state or severity: good, fair, bad, calm or none."""
    return _STATES.get(str(state), "none")


def exactly(text: str) -> str:
    """A pattern, as an input field takes it, for this very text: names may have dots and plus signs."""
    return re.sub(r"([.+*?()\[\]{}|^$\\])", r"\\\1", text)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "ago": ago,
    "since": since,
    "clock": clock,
    "moment": moment,
    "span": words.span,
    "took": words.took,
    "bytes": words.size,
    "ratio": words.ratio,
    "number": words.number,
    "rate": words.rate,
    "count": words.count,
    "short": words.short,
    "exactly": exactly,
    "tone": tone,
    "severity": tone,
}
