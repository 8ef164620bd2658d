"""People: busts of a few plain shapes, each with their own hair, skin and clothes; and the crew from afar."""

from __future__ import annotations

import math
from dataclasses import dataclass

from portico.studio.seed.painting.canvas import Canvas, scatter, smooth, swell

SIZE = 640


@dataclass(frozen=True, slots=True)
class Looks:
    ground: str
    skin: str
    hair: str
    cut: str
    coat: str
    shirt: str = "#f3ead9"
    beard: str = ""
    glasses: bool = False
    hat: str = ""


PEOPLE = {
    "lindner": Looks("#9cc7c1", "#f0c9a8", "#d9dcd8", "bob", "#1c5a5a", glasses=True),
    "okafor": Looks("#f3c59c", "#7a4a32", "#1d1713", "crop", "#12414a", beard="#1d1713"),
    "huber": Looks("#cfdcbf", "#eebd98", "#8a3f22", "knot", "#c2512a"),
    "reid": Looks("#8fb9c4", "#f3cfb3", "#c9642f", "waves", "#0f3f47", hat="#f0b429"),
    "santner": Looks("#e8dcc0", "#e6b48e", "#4a3426", "crop", "#3f7f7b", beard="#4a3426", glasses=True),
    "vogl": Looks("#f2a77d", "#f2cba9", "#2b211c", "bob", "#123c40", shirt="#f4743b"),
    "demir": Looks("#bcd6cf", "#d9a47c", "#241a18", "waves", "#8f3d5b"),
    "ward": Looks("#24525c", "#efc6a4", "#a8774a", "mop", "#e0d6c2", glasses=True),
    "brandl": Looks("#d9cfae", "#e9b893", "#b9b7ae", "crop", "#6b4a2f", beard="#c9c7bf", hat="#5d5140"),
    "robson": Looks("#a9cfca", "#f0c7a7", "#e3e1da", "mop", "#274e6b", glasses=True),
    "hofer": Looks("#c3d3b4", "#e2ae88", "#8d8a82", "crop", "#2f5d46", beard="#9a978f", hat="#2f5d46"),
}


def portrait(name: str) -> Canvas:
    looks = PEOPLE[name]
    board = Canvas(SIZE, SIZE, looks.ground)
    board.disc(320, 330, 250, "#ffffff30")
    if looks.cut in {"bob", "waves"}:
        _long_hair(board, looks)
    _shoulders(board, looks)
    _head(board, looks)
    _fringe(board, looks)
    if looks.glasses:
        for x in (270, 370):
            board.line(_oval(x, 292, 36, 31), "#16302f", 7)
        board.line([(304, 287), (336, 287)], "#16302f", 7)
    if looks.hat:
        board.shape(
            smooth([(206, 222), (226, 120), (320, 92), (414, 120), (434, 222), (320, 204), (206, 222)]),
            looks.hat,
        )
        board.shape(smooth([(182, 232), (320, 200), (458, 232), (320, 226), (182, 232)]), looks.hat)
    return board


def crew() -> Canvas:
    board = Canvas(1600, 1000, "#f4dcc0")
    board.fade("#f9e6cf", "#dfe8dc", 0, 640)
    board.glow(820, 420, 230, "#fff3df")
    board.disc(820, 430, 150, "#f58a4b")
    for number, colour in enumerate(("#a9cac3", "#6fa6a0", "#2f7474")):
        board.ground(swell(500 + number * 48, 30, 700 - number * 90, number * 1.9 + 2), colour, 720)
    for number, (x, tall) in enumerate(((360, 300), (590, 345), (810, 318), (1030, 352), (1250, 290))):
        _worker(board, x, tall, number)
    board.box(0, 716, 1600, 760, "#123c40")
    board.fade("#e3f0ea", "#4f9a98", 756, 1000)
    for number in range(90):
        left, wide = number * 18 + scatter(number) * 10, 3 + scatter(number * 3) * 7
        drops = [(left, 758), (left + wide, 758), (left + wide + 26, 1000), (left + 20, 1000)]
        board.shape(drops, "#8cc2bd90")
    return board


def _shoulders(board: Canvas, looks: Looks) -> None:
    coat = smooth([(60, 660), (92, 545), (210, 480), (320, 470), (430, 480), (548, 545), (580, 660)])
    board.shape(coat, looks.coat)
    board.shape([(248, 474), (392, 474), (320, 600)], looks.shirt)
    board.shape([(262, 400), (378, 400), (386, 482), (320, 540), (254, 482)], _shade(looks.skin, 0.88))
    board.shape([(236, 470), (262, 458), (318, 590), (288, 640)], _shade(looks.coat, 1.18))
    board.shape([(404, 470), (378, 458), (322, 590), (352, 640)], _shade(looks.coat, 0.84))


def _head(board: Canvas, looks: Looks) -> None:
    face = smooth([(320, 148), (404, 176), (428, 268), (412, 362), (366, 428), (320, 444)])
    other = [(640 - x, y) for x, y in reversed(face)]
    for side in (214, 426):
        board.oval(side, 300, 22, 34, _shade(looks.skin, 0.9))
    board.shape([*face, *other], looks.skin)
    board.shape([*face, (320, 444), (352, 300), (338, 148)], _shade(looks.skin, 0.94))
    if looks.beard:
        outer = smooth([(214, 300), (222, 372), (262, 438), (320, 466), (378, 438), (418, 372), (426, 300)])
        inner = smooth([(404, 318), (380, 362), (320, 352), (260, 362), (236, 318)])
        board.shape([*outer, *inner], looks.beard)
    board.line(smooth([(318, 290), (306, 340), (328, 346)]), _shade(looks.skin, 0.74), 6)
    for x in (270, 370):
        board.disc(x, 292, 9, "#16302f")
        board.line(smooth([(x - 28, 258), (x, 248), (x + 28, 258)]), _shade(looks.hair, 0.8), 8)
    mouth = "#f3ead9" if looks.beard else _shade(looks.skin, 0.62)
    board.line(smooth([(284, 386), (320, 402), (356, 386)]), mouth, 7)


def _long_hair(board: Canvas, looks: Looks) -> None:
    low = 430 if looks.cut == "bob" else 520
    wide = 142 if looks.cut == "bob" else 158
    side = smooth(
        [(320, 108), (320 + wide - 20, 150), (320 + wide, 290), (320 + wide - 4, low), (320 + 60, low + 22)]
    )
    board.shape([*side, *((640 - x, y) for x, y in reversed(side))], looks.hair)


def _fringe(board: Canvas, looks: Looks) -> None:
    hair = looks.hair
    if looks.cut == "crop":
        board.shape(
            smooth(
                [
                    (212, 280),
                    (206, 190),
                    (262, 124),
                    (336, 112),
                    (404, 138),
                    (434, 200),
                    (428, 280),
                    (408, 214),
                ]
            )
            + smooth([(408, 214), (330, 186), (236, 212), (212, 280)]),
            hair,
        )
    elif looks.cut == "knot":
        board.disc(320, 98, 54, hair)
        board.shape(
            [
                *smooth(
                    [
                        (210, 300),
                        (212, 184),
                        (320, 116),
                        (428, 184),
                        (430, 300),
                        (396, 226),
                        (320, 188),
                        (244, 226),
                    ]
                ),
                (210, 300),
            ],
            hair,
        )
    elif looks.cut == "mop":
        for number in range(9):
            turn = math.pi + number / 8 * math.pi
            board.disc(320 + 104 * math.cos(turn), 232 + 84 * math.sin(turn), 46 + 8 * scatter(number), hair)
        board.oval(320, 178, 90, 52, hair)
    else:
        board.shape(
            smooth(
                [
                    (206, 300),
                    (216, 180),
                    (320, 116),
                    (424, 180),
                    (434, 300),
                    (410, 232),
                    (352, 178),
                    (290, 224),
                ]
            )
            + smooth([(290, 224), (240, 246), (206, 300)]),
            hair,
        )


def _worker(board: Canvas, x: float, tall: float, number: int) -> None:
    foot, top = 722.0, 722.0 - tall
    coat = ("#f4743b", "#123c40", "#e8c170", "#c2512a", "#1c5a5a")[number]
    board.shape([(x - 46, foot), (x - 40, top + 150), (x + 40, top + 150), (x + 46, foot)], "#3a5a44")
    board.shape([(x - 4, foot), (x, top + 250), (x + 4, foot)], "#26422f")
    board.shape(
        smooth(
            [(x - 60, top + 190), (x - 48, top + 84), (x, top + 70), (x + 48, top + 84), (x + 60, top + 190)]
        ),
        coat,
    )
    board.box(x - 36, top + 120, x + 36, top + 200, "#3a5a44")
    board.oval(x, top + 46, 27, 33, ("#f0c9a8", "#7a4a32", "#e6b48e", "#f2cba9", "#d9a47c")[number])
    board.shape(
        smooth([(x - 36, top + 34), (x - 26, top), (x, top - 8), (x + 26, top), (x + 36, top + 34)]),
        "#f0b429",
    )
    if number in {1, 3}:
        board.line([(x + 58, top + 40), (x + 58, foot)], "#5d4330", 7)


def _oval(x: float, y: float, across: float, down: float) -> list[tuple[float, float]]:
    steps = [step / 40 * math.tau for step in range(42)]
    return [(x + across * math.cos(turn), y + down * math.sin(turn)) for turn in steps]


def _shade(colour: str, light: float) -> str:
    parts = [min(255, round(int(colour[at : at + 2], 16) * light)) for at in (1, 3, 5)]
    return "#{:02x}{:02x}{:02x}".format(*parts)
