"""The slow screw: a ribbon around a shaft, lying at a slant with water in its pockets."""

from __future__ import annotations

import math
from dataclasses import dataclass

from portico.studio.seed.painting.canvas import Canvas, Point, scatter

WIDTH, HEIGHT = 1600, 1000


@dataclass(frozen=True, slots=True)
class Metal:
    ground: tuple[str, str]
    trough: str
    light: tuple[int, int, int]
    dark: tuple[int, int, int]
    shaft: str
    water: str
    spark: str


DAY = Metal(("#e9efe6", "#c9dcd5"), "#1b4a4c", (244, 128, 66), (158, 60, 22), "#f3ead9", "#6db5b3", "#f7f3e8")
DARK = Metal(
    ("#0b2a33", "#05171d"), "#03121a", (122, 178, 178), (24, 66, 74), "#d9e6df", "#2a7f88", "#f4a259"
)


@dataclass(frozen=True, slots=True)
class Axis:
    """From top left to bottom right; `radius` is the blades'."""

    start: Point
    end: Point
    radius: float
    turns: float

    def at(self, along: float, turn: float, reach: float) -> Point:
        dx, dy = self.end[0] - self.start[0], self.end[1] - self.start[1]
        length = math.hypot(dx, dy)
        x, y = self.start[0] + dx * along, self.start[1] + dy * along
        up, tilt = math.cos(turn) * reach, math.sin(turn) * reach * 0.26
        return x + dy / length * up + dx / length * tilt, y - dx / length * up + dy / length * tilt


def screw(metal: Metal) -> Canvas:
    board = Canvas(WIDTH, HEIGHT, metal.ground[0])
    board.fade(*metal.ground)
    axis = Axis((120, 250), (1500, 800), 235, 4.6)
    _streams(board, metal)
    _trough(board, axis, metal)
    ribbon(board, axis, metal)
    for number in range(46):
        along = scatter(number * 3 + 1)
        x, y = axis.at(along, math.pi, 236 - scatter(number * 7) * 22)
        board.line([(x - 26, y - 10), (x + 26, y + 11)], metal.spark + "a0", 3)
    board.fade(metal.water, metal.trough, 905, HEIGHT)
    for number in range(26):
        x, y = scatter(number * 11) * WIDTH, 915 + scatter(number * 5) * 75
        board.line([(x, y), (x + 90, y)], metal.spark + "70", 3)
    return board


def workshop() -> Canvas:
    board = Canvas(WIDTH, HEIGHT, "#efe6d6")
    board.fade("#f6efe2", "#dccfb8")
    for number in range(6):
        left = number * 290 - 70
        board.shape([(left, 250), (left + 250, 60), (left + 290, 250)], "#1c4f52")
        board.shape([(left + 252, 78), (left + 284, 240), (left + 262, 240)], "#f7b27c")
        board.shape([(left + 30, 250), (left + 246, 88), (left + 246, 250)], "#bfdbd6")
        board.line([(left + 138, 250), (left + 138, 168)], "#1c4f52", 6)
    board.box(0, 246, WIDTH, 262, "#123c40")
    board.box(0, 330, WIDTH, 352, "#c2512a")
    board.line([(1010, 352), (1010, 470)], "#123c40", 7)
    board.shape([(975, 470), (1045, 470), (1030, 512), (990, 512)], "#123c40")
    for left in (60, 1290):
        board.box(left, 470, left + 240, 780, "#9cc3bd")
        for step in range(1, 3):
            board.box(left + step * 80 - 4, 470, left + step * 80 + 4, 780, "#e7dcc6")
        board.box(left, 620, left + 240, 628, "#e7dcc6")
    board.box(0, 800, WIDTH, HEIGHT, "#2b6568")
    for number in range(9):
        board.line([(number * 220 - 100, HEIGHT), (number * 180 + 80, 800)], "#24585b", 4)
    ribbon(board, Axis((300, 668), (1330, 700), 168, 4), DAY)
    for left in (380, 1180):
        board.shape([(left, 870), (left + 40, 770), (left + 90, 770), (left + 130, 870)], "#123c40")
    return board


def ribbon(board: Canvas, axis: Axis, metal: Metal) -> None:
    """The far half first, then the shaft, then the near half."""
    steps = round(axis.turns * 90)
    pieces = [_piece(axis, metal, step, steps) for step in range(steps)]
    for points, colour, near in pieces:
        if not near:
            board.shape(points, colour)
    shaft = 0.17 * axis.radius
    low, high = (-0.04, 1.04)
    board.shape(
        [
            axis.at(low, 0, shaft),
            axis.at(high, 0, shaft),
            axis.at(high, math.pi, shaft),
            axis.at(low, math.pi, shaft),
        ],
        metal.shaft,
    )
    for points, colour, near in pieces:
        if near:
            board.shape(points, colour)


def _piece(axis: Axis, metal: Metal, step: int, steps: int) -> tuple[list[Point], str, bool]:
    one, two = step / steps, (step + 1.4) / steps
    first, second = one * axis.turns * math.tau, two * axis.turns * math.tau
    inner, outer = 0.15 * axis.radius, axis.radius
    points = [
        axis.at(one, first, inner),
        axis.at(one, first, outer),
        axis.at(two, second, outer),
        axis.at(two, second, inner),
    ]
    shine = 0.5 + 0.5 * math.sin(first + 0.5)
    parts = [round(low + (high - low) * shine) for high, low in zip(metal.light, metal.dark, strict=True)]
    return points, "#{:02x}{:02x}{:02x}".format(*parts), math.sin(first) > 0


def _trough(board: Canvas, axis: Axis, metal: Metal) -> None:
    reach = axis.radius + 18
    under = [axis.at(along, math.pi, reach) for along in (-0.2, 1.2)]
    board.shape([*under, (WIDTH + 40, HEIGHT), (-40, HEIGHT)], metal.trough)
    for number in range(5):
        near = [axis.at(along, math.pi, axis.radius * (0.98 - number * 0.14)) for along in (-0.2, 1.2)]
        board.line(near, metal.water + "50", 26)


def _streams(board: Canvas, metal: Metal) -> None:
    for number in range(7):
        y = 96 + number * 17
        board.line([(-20, y), (150 + number * 34, y), (250 + number * 44, y + 42)], metal.water, 9 - number)
