"""How numbers, times and states are written on a page: the filters of every template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import jinja2
from jinja2.runtime import Context
from markupsafe import Markup

NOTHING = "\u2013"
"""Where there is no number."""

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


def span(seconds: float | None) -> str:
    """A time span by its largest unit: `4 s`, `2 min`, `5 h`, `3 d`."""
    if seconds is None:
        return NOTHING
    seconds = max(0.0, seconds)
    for unit, size in (("d", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= (2 * size if unit == "d" else size):
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds:.0f} s"


def took(seconds: float | None) -> str:
    """What something took: `0.4 ms`, `37 ms`, `0.41 s`, `12.3 s`, `2 min 5 s`."""
    if seconds is None:
        return NOTHING
    if seconds < 0.01:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 10:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


@jinja2.pass_context
def ago(context: Context, at: float | None) -> Markup | str:
    """A moment as how long ago it was; the browser counts on by itself."""
    if at is None:
        return NOTHING
    return _time(at, f"{span(context['now'] - at)} ago", "ago")


@jinja2.pass_context
def since(context: Context, at: float | None) -> Markup | str:
    """A moment as how long it goes on."""
    return NOTHING if at is None else _time(at, span(context["now"] - at), "since")


@jinja2.pass_context
def clock(context: Context, at: float | None) -> Markup | str:
    """The time of day, with the date when it was another day."""
    if at is None:
        return NOTHING
    moment, today = _local(at), _local(context["now"])
    return _time(at, moment.strftime("%H:%M:%S" if moment.date() == today.date() else "%d %b %H:%M"), "clock")


def _time(at: float, text: str, told_as: str) -> Markup:
    moment = _local(at).isoformat(timespec="seconds")
    return Markup('<time datetime="{}" data-as="{}" data-at="{}" title="{}">{}</time>').format(
        moment, told_as, round(at, 1), moment.replace("T", " "), text
    )


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at).astimezone()


def size(octets: float | None) -> str:
    """Bytes, in units of 1000: `532 B`, `1.2 MB`."""
    if octets is None:
        return NOTHING
    for unit in ("B", "kB", "MB", "GB"):
        if abs(octets) < 1000:
            return f"{octets:.0f} {unit}" if unit == "B" or abs(octets) >= 100 else f"{octets:.1f} {unit}"
        octets /= 1000
    return f"{octets:.1f} TB"


def ratio(share: float | None, digits: int = 4) -> str:
    """A share in percent, with as many digits as tell a promise from a perfect record."""
    if share is None:
        return NOTHING
    text = f"{share * 100:.{digits}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def number(value: float | None) -> str:
    """With separators from ten thousand on, and no more digits than tell something."""
    if value is None:
        return NOTHING
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}".replace(",", "\u202f")
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def rate(value: float | None) -> str:
    return NOTHING if value is None else f"{number(value)}/s"


def count(many: int, noun: str, nouns: str = "") -> str:
    return f"{number(many)} {noun if many == 1 else nouns or noun + 's'}"


def short(digest: str | None) -> str:
    """What people read of a snapshot's id."""
    return digest[:12] if digest else NOTHING


def tone(state: object) -> str:
    """The colour and shape of a state or severity: good, fair, bad, calm or none."""
    return _STATES.get(str(state), "none")


FILTERS: Mapping[str, Callable[..., Any]] = {
    "ago": ago,
    "since": since,
    "clock": clock,
    "span": span,
    "took": took,
    "bytes": size,
    "ratio": ratio,
    "number": number,
    "rate": rate,
    "count": count,
    "short": short,
    "tone": tone,
    "severity": tone,
}
