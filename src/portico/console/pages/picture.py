"""Lays the stack's picture out: from left to right on a desk, from top to bottom on a phone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portico.board.picture import Part, Picture

GAP = 12.0
NARROW = 120.0


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    part: Part

    @property
    def state_beside(self) -> bool:
        return self.width > NARROW

    @property
    def lines(self) -> tuple[str, ...]:
        """At most two; a narrow box has no room for the state beside the name."""
        state = () if self.state_beside or not self.part.state else (self.part.state,)
        return (*state, *self.part.lines)[:2]

    @property
    def left(self) -> tuple[float, float]:
        return self.x, self.y + self.height / 2

    @property
    def right(self) -> tuple[float, float]:
        return self.x + self.width, self.y + self.height / 2

    @property
    def top(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y

    @property
    def bottom(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height


@dataclass(frozen=True, slots=True)
class Flow:
    """A way from one box to another. `kind` is asks, stands (it would be asked) or brings (snapshots)."""

    path: str
    kind: str
    label: str = ""
    at: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Drawing:
    name: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    flows: tuple[Flow, ...]


def wide(told: Picture) -> Drawing:
    """Visitors, edge, places, source: four columns."""
    tall, step = 78.0, 78.0 + GAP
    height = step * len(told.places) - GAP
    middle = (height - tall) / 2
    visitors = Box(0, middle, 110, tall, told.visitors)
    edge = Box(190, middle, 170, tall, told.edge)
    places = [Box(460, number * step, 230, tall, part) for number, part in enumerate(told.places)]
    source = Box(820, middle, 160, tall, told.source)
    flows = [
        _across(visitors, edge, "asks"),
        *(_across(edge, place, _kind(told, place)) for place in places),
        *(_across(source, place, "brings", back=True) for place in places),
    ]
    return Drawing("wide", 980, height, (visitors, edge, *places, source), tuple(flows))


def tall(told: Picture) -> Drawing:
    """The same for 360 px: places side by side below the edge, the source below them."""
    width, high = 336.0, 74.0
    rows = max(-(-len(part.replicas) // 2) for part in told.places)
    room = high + 10 + 17 * rows
    each = (width - GAP * (len(told.places) - 1)) / len(told.places)
    visitors = Box(width / 2 - 62, 0, 124, 48, told.visitors)
    edge = Box(width / 2 - 84, 80, 168, high, told.edge)
    places = [Box(number * (each + GAP), 186, each, room, part) for number, part in enumerate(told.places)]
    source = Box(width / 2 - 84, 186 + room + 40, 168, high, told.source)
    flows = [
        _down(visitors, edge, "asks"),
        *(_down(edge, place, _kind(told, place)) for place in places),
        *(_down(place, source, "brings", back=True) for place in places),
    ]
    return Drawing("tall", width, source.y + high, (visitors, edge, *places, source), tuple(flows))


def _kind(told: Picture, place: Box) -> str:
    """The mirror stands by until it is asked; a place that answers nobody is asked nothing."""
    return "asks" if (told.sent.get(place.part.name) or 0) > 0 else "stands"


def _across(start: Box, end: Box, kind: str, *, back: bool = False) -> Flow:
    (x1, y1), (x2, y2) = (start.left, end.right) if back else (start.right, end.left)
    bend = (x2 - x1) / 2
    return Flow(f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}", kind)


def _down(start: Box, end: Box, kind: str, *, back: bool = False) -> Flow:
    (x1, y1), (x2, y2) = (end.top, start.bottom) if back else (start.bottom, end.top)
    bend = (y2 - y1) / 2
    return Flow(f"M{x1:g} {y1:g}C{x1:g} {y1 + bend:g} {x2:g} {y2 - bend:g} {x2:g} {y2:g}", kind)


def drawings(told: Picture) -> Sequence[Drawing]:
    return (wide(told), tall(told))


def fitting(text: str, width: float) -> str:
    """As much of a line as a box of this width holds in small type."""
    most = int((width - 24) / 6.6)
    return text if len(text) <= most else text[: most - 1] + "…"
