"""Since when each counter counts, and what it grew by: what OTLP wants to know of totals."""

from __future__ import annotations

from dataclasses import dataclass

Values = tuple[float, ...]
"""Of one counter, or of all parts of a histogram; none of them ever falls, unless its process began anew."""


@dataclass(frozen=True, slots=True)
class Span:
    """What was counted from `start` on, in seconds since the epoch."""

    start: float
    values: Values


@dataclass(slots=True)
class _Known:
    start: float
    at: float
    values: Values


class Totals:
    """With `delta`, spans are from look to look, else from the first look or a counter's new beginning."""

    def __init__(self, *, delta: bool) -> None:
        self._delta = delta
        self._known: dict[str, _Known] = {}

    def span(self, key: str, at: float, values: Values) -> Span | None:
        """None where there is nothing to compare with yet."""
        known = self._known.get(key)
        if known is None:
            self._known[key] = _Known(at, at, values)
            return None if self._delta else Span(at, values)
        anew = _fell(known.values, values)
        before, was_at = known.values, known.at
        known.start = was_at if anew else known.start
        known.at, known.values = at, values
        if not self._delta:
            return Span(known.start, values)
        return Span(was_at, values if anew else _less(values, before))


def _fell(before: Values, now: Values) -> bool:
    return len(before) != len(now) or any(new < old for old, new in zip(before, now, strict=True))


def _less(now: Values, before: Values) -> Values:
    return tuple(new - old for old, new in zip(before, now, strict=True))
