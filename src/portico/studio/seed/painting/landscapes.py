"""Weirs, hills, bridges and ice: what one sees from the bank."""

from __future__ import annotations

import math
from dataclasses import dataclass

from portico.studio.seed.painting.canvas import Canvas, Curve, scatter, swell

WIDTH, HEIGHT = 1600, 1000


@dataclass(frozen=True, slots=True)
class Light:
    """The colours of an hour of the day; `hills` from far to near."""

    sky: tuple[str, str]
    sun: str
    glow: str
    hills: tuple[str, str, str, str]
    water: tuple[str, str]
    fall: tuple[str, str]
    pool: tuple[str, str]
    stone: str
    spark: str
    wall: str
    roof: str
    window: str


MORNING = Light(
    sky=("#bfdcd8", "#fbe3c8"),
    sun="#f4743b",
    glow="#ffd9a8",
    hills=("#9cc3bd", "#6fa6a0", "#3f7f7b", "#1c5a5a"),
    water=("#8cc2bd", "#4f9a98"),
    fall=("#e8f3ee", "#b8dbd5"),
    pool=("#1f6b70", "#0b3f47"),
    stone="#173f42",
    spark="#f7955f",
    wall="#f3ead9",
    roof="#c2512a",
    window="#f9b36b",
)
NIGHT = Light(
    sky=("#07161d", "#12343c"),
    sun="#e9efe2",
    glow="#35616a",
    hills=("#123038", "#0f2a31", "#0b2229", "#081a20"),
    water=("#194851", "#123a43"),
    fall=("#7fa9a8", "#3c6d71"),
    pool=("#0c2c35", "#061820"),
    stone="#04121a",
    spark="#f4a259",
    wall="#16343a",
    roof="#0a2027",
    window="#ffb867",
)


def weir(light: Light) -> Canvas:
    board = Canvas(WIDTH, HEIGHT, light.sky[0])
    board.fade(*light.sky, 0, 520)
    board.glow(1130, 330, 260, light.glow)
    board.disc(1130, 330, 92, light.sun)
    for number, colour in enumerate(light.hills):
        line = swell(350 + number * 52, 40 - number * 5, 900 - number * 130, number * 2.1 + 0.6)
        board.ground(line, colour, 600)
        if number > 1:
            _wood(board, line, colour, number)
    _house(board, light)
    board.fade(*light.water, 560, 690)
    _glitter(board, (575, 680), light.fall[1] + "90", 46)
    _fall(board, light)
    board.fade(*light.pool, 810, HEIGHT)
    _foam(board, light)
    _glitter(board, (850, 990), light.pool[0] + "c0", 60)
    _reflection(board, light)
    return board


def bridge() -> Canvas:
    board = Canvas(WIDTH, HEIGHT, "#dfe7e0")
    board.fade("#f7dcc0", "#e6ece2", 0, 620)
    board.glow(380, 300, 190, "#fff0d8")
    board.disc(380, 300, 70, "#f0824a")
    for number, colour in enumerate(("#b7cfc8", "#86b0aa", "#538a87")):
        board.ground(swell(430 + number * 50, 34, 820 - number * 150, number * 1.3 + 4), colour, 640)
    _arches(board, 640, 1, "#1d4a4d", "#dfeae3")
    board.fade("#a9cfc9", "#2c767a", 640, HEIGHT)
    _arches(board, 640, -0.72, "#215a5e", "#5f9f9e")
    _glitter(board, (660, 990), "#e9f3ee80", 70)
    return board


def ice() -> Canvas:
    board = Canvas(WIDTH, HEIGHT, "#e9eff0")
    board.fade("#cfdde0", "#f4f1ea", 0, 420)
    board.disc(1180, 250, 60, "#f7b58b")
    board.ground(swell(350, 26, 760, 1.1), "#c3d3d5", 470)
    board.ground(swell(400, 18, 520, 3.2), "#a8bfc2", 470)
    board.fade("#7d9fa6", "#2f545e", 430, HEIGHT)
    for number in range(44):
        near = number / 43
        x, y = scatter(number * 7 + 3) * 1700 - 50, 455 + near**1.4 * 520
        size = 16 + near * 130
        _plate(board, (x, y), size, number)
    board.ground(swell(930, 26, 900, 2.0), "#f6f8f6")
    return board


def _wood(board: Canvas, line: Curve, colour: str, layer: int) -> None:
    """Trees along a hill, closer and larger the nearer it is."""
    for number in range(90):
        x = number * 18 + scatter(number + layer * 31) * 12
        size = (8 + scatter(number * 3 + layer) * 16) * (0.6 + layer * 0.25)
        top = line(x) - size * 2.1
        board.shape([(x - size * 0.62, line(x) + 6), (x, top), (x + size * 0.62, line(x) + 6)], colour)


def _house(board: Canvas, light: Light) -> None:
    board.box(170, 452, 420, 640, light.wall)
    board.shape([(140, 458), (295, 352), (450, 458)], light.roof)
    board.box(420, 520, 520, 640, light.wall)
    board.shape([(420, 520), (540, 520), (420, 478)], light.roof)
    for left in (208, 280, 352):
        board.box(left, 490, left + 30, 536, light.window)
    board.box(452, 560, 486, 640, light.roof)


def _glitter(board: Canvas, span: tuple[float, float], colour: str, count: int) -> None:
    top, bottom = span
    for number in range(count):
        near = number / count
        y = top + (bottom - top) * near
        x = scatter(number * 5 + round(top)) * WIDTH
        board.line([(x, y), (x + 40 + near * 130, y)], colour, 2 + near * 2)


def _fall(board: Canvas, light: Light) -> None:
    crest, foot = 686.0, 815.0
    board.box(0, crest, WIDTH, foot + 10, light.fall[0])
    for number in range(64):
        x = number * 26 + scatter(number) * 14
        wide = 4 + scatter(number * 3) * 11
        lean = 16 + scatter(number * 7) * 18
        board.shape(
            [(x, crest), (x + wide, crest), (x + wide + lean, foot + 8), (x + lean - 2, foot + 8)],
            light.fall[1],
        )
    board.box(0, crest - 5, WIDTH, crest + 4, light.stone)
    for number in range(11):
        x, size = scatter(number * 11 + 2) * WIDTH, 18 + scatter(number * 5) * 34
        board.oval(x, foot + 12, size * 1.5, size * 0.7, light.stone)


def _foam(board: Canvas, light: Light) -> None:
    for number in range(120):
        x, drop = scatter(number * 2 + 1) * WIDTH, scatter(number * 13) ** 2
        board.oval(x, 816 + drop * 46, 26 - drop * 15, 7 - drop * 4, light.fall[0])


def _reflection(board: Canvas, light: Light) -> None:
    for number in range(13):
        y = 866 + number * 10
        half = 96 - number * 4 + scatter(number * 9) * 46
        x = 1130 + (scatter(number * 4) - 0.5) * 50
        board.line([(x - half, y), (x + half, y)], light.spark + "d8", 4)
    for number in range(9):
        y, x = 862 + number * 13, 295 + (scatter(number) - 0.5) * 40
        board.line([(x - 40, y), (x + 40, y)], light.window + "b0", 3)


def _arches(board: Canvas, base: float, way: float, stone: str, behind: str) -> None:
    """Four arches upwards (1), or their reflection, which is shorter (-0.72)."""
    top, low = sorted((base - way * 190, base))
    board.box(0, top, WIDTH, low, stone)
    for number in range(4):
        x = 200 + number * 400
        steps = [(x - 150 * c, base - way * 150 * s) for c, s in _half_circle()]
        board.shape([(x - 150, base), *steps, (x + 150, base)], behind)


def _half_circle() -> list[tuple[float, float]]:
    return [(math.cos(step / 40 * math.pi), math.sin(step / 40 * math.pi)) for step in range(41)]


def _plate(board: Canvas, place: tuple[float, float], size: float, number: int) -> None:
    x, y = place
    points = []
    for corner in range(7):
        turn = corner / 7 * math.tau + scatter(number * 3)
        reach = size * (0.72 + 0.4 * scatter(number * 17 + corner))
        points.append((x + reach * math.cos(turn), y + reach * 0.3 * math.sin(turn)))
    board.shape([(px, py + size * 0.07) for px, py in points], "#88aab0")
    board.shape(points, "#eef3f2" if number % 3 else "#dbe7e8")
