"""A small drawing board on Pillow: everything is drawn at twice its size, then made smooth by halving it."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Sequence

from PIL import Image, ImageDraw, ImageFilter

Point = tuple[float, float]
Colour = str
Curve = Callable[[float], float]

_FINE = 2


class Canvas:
    """Colours are `#rrggbb` or `#rrggbbaa`; lengths are pixels of the finished picture."""

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self.width, self.height = width, height
        self.image = Image.new("RGB", (width * _FINE, height * _FINE), colour)
        self._pen = ImageDraw.Draw(self.image, "RGBA")

    def fade(self, top: Colour, bottom: Colour, start: float = 0, end: float | None = None) -> None:
        """From one colour to another between two heights."""
        end = self.height if end is None else end
        rows = max(1, round((end - start) * _FINE))
        mask = Image.linear_gradient("L").resize((1, rows)).resize((self.image.width, rows))
        band = Image.composite(Image.new("RGB", mask.size, bottom), Image.new("RGB", mask.size, top), mask)
        self.image.paste(band, (0, round(start * _FINE)))

    def shape(self, points: Iterable[Point], colour: Colour) -> None:
        self._pen.polygon([(x * _FINE, y * _FINE) for x, y in points], fill=colour)

    def line(self, points: Iterable[Point], colour: Colour, width: float) -> None:
        fine = [(x * _FINE, y * _FINE) for x, y in points]
        self._pen.line(fine, fill=colour, width=max(1, round(width * _FINE)), joint="curve")

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self.oval(x, y, radius, radius, colour)

    def oval(self, x: float, y: float, across: float, down: float, colour: Colour) -> None:
        box = [(x - across) * _FINE, (y - down) * _FINE, (x + across) * _FINE, (y + down) * _FINE]
        self._pen.ellipse(box, fill=colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        self._pen.rectangle([left * _FINE, top * _FINE, right * _FINE, bottom * _FINE], fill=colour)

    def glow(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A soft light: a blurred disc."""
        small = 8
        mask = Image.new("L", (self.image.width // small, self.image.height // small), 0)
        reach = radius * _FINE / small
        centre = (x * _FINE / small, y * _FINE / small)
        ImageDraw.Draw(mask).ellipse(
            [centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach], fill=150
        )
        mask = mask.filter(ImageFilter.GaussianBlur(reach / 2)).resize(
            self.image.size, Image.Resampling.BICUBIC
        )
        self.image.paste(Image.new("RGB", self.image.size, colour), (0, 0), mask)
        self._pen = ImageDraw.Draw(self.image, "RGBA")

    def ground(self, curve: Curve, colour: Colour, bottom: float | None = None) -> None:
        """All that lies below a curve."""
        end = self.height if bottom is None else bottom
        xs = range(-10, self.width + 20, 6)
        self.shape([*((x, curve(x)) for x in xs), (self.width + 20, end), (-10, end)], colour)

    def jpeg(self) -> bytes:
        small = self.image.resize((self.width, self.height), Image.Resampling.BOX)
        kept = io.BytesIO()
        small.save(kept, "JPEG", quality=90, optimize=False, subsampling=0)
        return kept.getvalue()


def swell(middle: float, height: float, length: float, shift: float) -> Curve:
    """A line of hills or waves: three sines that never quite repeat."""

    def curve(x: float) -> float:
        turn = x / length * math.tau + shift
        return (
            middle
            + height * math.sin(turn)
            + height * 0.45 * math.sin(turn * 2.3 + shift)
            + height * 0.2 * math.sin(turn * 4.9 + shift * 2)
        )

    return curve


def ring(x: float, y: float, radius: float, shift: float, squeeze: float = 0.72) -> list[Point]:
    """A round that is not quite a circle, such as a contour line."""
    points = []
    for step in range(120):
        turn = step / 120 * math.tau
        uneven = 1 + 0.11 * math.sin(2 * turn + shift) + 0.07 * math.sin(3 * turn - shift * 1.7)
        uneven += 0.03 * math.sin(5 * turn + shift * 2.3)
        points.append((x + radius * uneven * math.cos(turn), y + radius * uneven * squeeze * math.sin(turn)))
    return points


def smooth(points: Sequence[Point], steps: int = 16) -> list[Point]:
    """A curve through all points (Catmull-Rom)."""
    held = [points[0], *points, points[-1]]
    found: list[Point] = []
    for at in range(1, len(held) - 2):
        a, b, c, d = held[at - 1 : at + 3]
        for step in range(steps):
            t = step / steps
            found.append((_between(t, a[0], b[0], c[0], d[0]), _between(t, a[1], b[1], c[1], d[1])))
    return [*found, points[-1]]


def _between(t: float, a: float, b: float, c: float, d: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def scatter(number: int) -> float:
    """An even-looking value from 0 to 1 for a whole number, the same on every machine."""
    return (number * 0.754877666 + number * number * 0.569840291) % 1
