"""Rivers from above and from within: contour lines, loops, pools, fish, maps."""

from __future__ import annotations

import math

from portico.studio.seed.painting.canvas import Canvas, Point, ring, scatter, smooth, swell

WIDTH, HEIGHT = 1600, 1000

_GREENS = ("#dfe9dd", "#cbded1", "#b2d0c4", "#94beb3", "#72a8a0", "#4f8f8a", "#2f7474", "#175a5c")
_BLUES = ("#cfe3e1", "#a9cfce", "#7fb6b8", "#559a9f", "#327d85", "#19626c", "#0c4a55", "#073742")


def contours() -> Canvas:
    board = Canvas(WIDTH, HEIGHT, _GREENS[0])
    for level, colour in enumerate(_GREENS[1:]):
        for x, y, size, shift in ((420, 330, 620, 0.7), (1260, 760, 560, 3.1), (1320, 120, 360, 5.2)):
            if size > level * 84:
                points = ring(x, y, size - level * 80, shift + level * 0.08)
                board.shape(points, colour)
                board.line([*points, points[0]], "#ffffff60", 2)
    river = smooth(
        [(-40, 820), (240, 720), (500, 780), (760, 560), (930, 420), (1090, 400), (1280, 330), (1660, 420)]
    )
    board.line(river, "#f7f4ea", 26)
    board.line(river, "#ef6a34", 13)
    board.disc(930, 420, 26, "#f7f4ea")
    board.disc(930, 420, 15, "#123c40")
    return board


def depths() -> Canvas:
    board = Canvas(WIDTH, HEIGHT, "#e7e2d2")
    banks = [(swell(150, 36, 1200, 0.4), swell(860, 30, 1000, 2.2))]
    for level, colour in enumerate(_BLUES):
        top, low = banks[0]
        squeeze = level * 44
        xs = range(-20, WIDTH + 40, 10)
        upper = [(x, top(x) + squeeze * (1 + 0.25 * math.sin(x / 260 + level * 0.5))) for x in xs]
        lower = [(x, low(x) - squeeze * 0.9 * (1 + 0.3 * math.sin(x / 330 + 1.5 + level * 0.3))) for x in xs]
        points = [*upper, *reversed(lower)]
        if all(up[1] < down[1] for up, down in zip(upper, lower, strict=True)) or level < 6:
            board.shape(points, colour)
    for number in range(21):
        x = 70 + number * 74
        board.line([(x, 130), (x, 880)], "#ffffff2e", 2)
    board.line([(60, 505), (1540, 505)], "#f7f4eaa0", 3)
    for number in range(38):
        x = 60 + number * 40
        board.line([(x, 505), (x, 517 if number % 5 else 532)], "#f7f4eac0", 3)
    for reach in (54, 34):
        board.line([*_round(1010, 505, reach), (1010 + reach, 505)], "#f58a4b", 6)
    board.disc(1010, 505, 12, "#f58a4b")
    return board


def pool() -> Canvas:
    board = Canvas(WIDTH, HEIGHT, "#b9d8d2")
    for level in range(15):
        share = level / 14
        mixed = _mix((185, 216, 210), (5, 40, 50), share**0.8)
        points = ring(830, 560, 1080 - level * 68, 1.2 + level * 0.11, 0.66)
        board.shape(points, mixed)
        if level % 2:
            board.line([*points, points[0]], "#ffffff38", 3)
    for number in range(420):
        near = scatter(number * 7 + 2)
        x, y = scatter(number) * WIDTH, near**2.4 * 250
        board.oval(x, y, 34 - near * 26, 14 - near * 10, "#f4f8f4" if number % 3 else "#d5e9e4")
    for number in range(9):
        turn = number / 9 * math.tau + 0.4
        _fish(
            board,
            (830 + 210 * math.cos(turn), 570 + 118 * math.sin(turn)),
            34 + 12 * scatter(number),
            turn + 1.5,
        )
    board.shape(_leaf(1130, 420, 30), "#f4743b")
    return board


def loops() -> Canvas:
    board = Canvas(WIDTH, HEIGHT, "#cfdcbf")
    colours = ("#d9e2c6", "#b9cfae", "#e6dfbe", "#a4c3a4", "#cbd9b4", "#ead3a4")
    for number in range(54):
        x, y = (number % 9) * 190 - 60 + (number // 9 % 2) * 70, (number // 9) * 180 - 50
        corners = [(x, y), (x + 182, y + 22), (x + 168, y + 176), (x - 16, y + 158)]
        board.shape(corners, colours[round(scatter(number * 3) * 50) % 6])
        if number % 3 == 0:
            for row in range(1, 7):
                board.line([(x + row * 25, y + row * 3), (x + row * 25 - 14, y + 158)], "#ffffff48", 3)
    river = smooth(
        [
            (-60, 210),
            (180, 160),
            (420, 300),
            (350, 560),
            (560, 720),
            (800, 560),
            (740, 270),
            (960, 130),
            (1210, 290),
            (1130, 600),
            (1300, 830),
            (1500, 700),
            (1700, 760),
        ],
        24,
    )
    board.line(river, "#6f9f7d", 112)
    board.line(river, "#1d6a70", 84)
    board.line([(x - 5, y - 7) for x, y in river], "#3f9496", 46)
    board.line([(x - 8, y - 10) for x, y in river], "#8cc7c2", 8)
    for number in range(0, len(river), 5):
        tree, side = river[number], 74 if number % 2 else -74
        board.disc(tree[0] + side * 0.8, tree[1] + side * 0.55, 13 + scatter(number) * 13, "#2c6a52")
    board.disc(560, 712, 17, "#f7f4ea")
    board.disc(560, 712, 10, "#ef6a34")
    return board


def fish() -> Canvas:
    board = Canvas(WIDTH, HEIGHT, "#0f525a")
    board.fade("#5fb0ac", "#083a44")
    for number in range(30):
        line = swell(20 + number * 34, 9, 640, number * 0.5)
        board.line([(x, line(x)) for x in range(-10, WIDTH + 20, 14)], "#ffffff1c", 3)
    for number in range(26):
        x, size = number * 66 + scatter(number) * 40, 40 + scatter(number * 9) * 90
        board.oval(
            x,
            985 - scatter(number * 3) * 26,
            size,
            size * 0.55,
            ("#062b33", "#0a3640", "#124a50")[number % 3],
        )
    for number in range(22):
        row, column = divmod(number, 6)
        place = (
            190 + column * 250 + (row % 2) * 120 + scatter(number) * 60,
            170 + row * 170 + scatter(number * 5) * 70,
        )
        colour = "#f4743b" if number in {3, 14} else ("#dcebe5", "#a9d0ca", "#7db8b4")[number % 3]
        _fish(board, place, 36 + scatter(number * 3) * 66, math.pi + 0.1 * math.sin(number), colour)
    return board


def counter() -> Canvas:
    board = Canvas(WIDTH, HEIGHT, "#0a3a44")
    board.fade("#1c6a70", "#062a33")
    for number in range(34):
        line = swell(30 + number * 30, 6, 900, number * 0.37)
        board.line([(x, line(x)) for x in range(-10, WIDTH + 20, 16)], "#ffffff14", 2)
    _fish(board, (800, 500), 330, math.pi + 0.03, "#f4874f")
    for left, way in ((250, 1), (1350, -1)):
        for top, down in ((210, 1), (790, -1)):
            board.line([(left, top + down * 90), (left, top), (left + way * 90, top)], "#f7f4ea", 7)
    board.line([(356, 860), (1220, 860)], "#f7f4ea", 4)
    for number in range(37):
        x = 356 + number * 24
        board.line([(x, 860), (x, 872 if number % 6 else 892)], "#f7f4ea", 3)
    return board


def river_map(points: list[Point], place: Point, shift: float) -> Canvas:
    board = Canvas(960, 640, "#dbe6dc")
    for level in range(5):
        for x, y in ((place[0] * 0.3, 90), (place[0] + 330, 560)):
            board.line(
                [*(shape := ring(x, y, 120 + level * 64, shift + level * 0.2)), shape[0]], "#a9c7bd", 3
            )
    river = smooth(points, 20)
    board.line(river, "#f3f6ef", 58)
    board.line(river, "#2c7f83", 42)
    board.line([(x, y - 5) for x, y in river], "#5fb0ac", 10)
    board.disc(*place, 30, "#f3f6ef")
    board.disc(*place, 19, "#ef6a34")
    return board


def _fish(board: Canvas, place: Point, size: float, turn: float, colour: str = "#cfe5df") -> None:
    """Heading where `turn` points; `size` is half its length."""
    cos, sin = math.cos(turn), math.sin(turn)

    def at(x: float, y: float) -> Point:
        if cos < 0:
            y = -y
        return place[0] + (x * cos - y * sin) * size, place[1] + (x * sin + y * cos) * size

    back = smooth([(1, 0.02), (0.62, -0.2), (0.1, -0.29), (-0.45, -0.15), (-0.72, -0.055)], 8)
    belly = smooth([(-0.72, 0.055), (-0.4, 0.16), (0.15, 0.25), (0.66, 0.17), (1, 0.02)], 8)
    board.shape([at(*p) for p in ((-0.66, 0), (-1.05, -0.27), (-0.92, 0), (-1.05, 0.27))], colour)
    board.shape([at(*p) for p in ((0.25, -0.26), (-0.12, -0.46), (-0.3, -0.2))], colour)
    board.shape([at(*p) for p in (*back, *belly)], colour)
    board.shape(
        [at(*p) for p in smooth([(1, 0.04), (0.4, 0.06), (-0.3, 0.03), (-0.72, 0.05)], 6) + belly],
        "#ffffff30",
    )
    board.line(
        [at(*p) for p in smooth([(0.6, -0.16), (0.52, 0), (0.6, 0.15)], 6)],
        "#06303a70",
        max(1.5, size * 0.022),
    )
    board.disc(*at(0.78, -0.045), max(1.6, size * 0.034), "#06303a")


def _leaf(x: float, y: float, size: float) -> list[Point]:
    return smooth([(x - size, y), (x, y - size * 0.5), (x + size, y), (x, y + size * 0.5), (x - size, y)], 8)


def _round(x: float, y: float, radius: float) -> list[Point]:
    steps = [step / 60 * math.tau for step in range(60)]
    return [(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in steps]


def _mix(one: tuple[int, int, int], other: tuple[int, int, int], share: float) -> str:
    return "#{:02x}{:02x}{:02x}".format(
        *(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    )
