"""The picture that a shared link shows: title and company in the site's colour, 1200 x 630.

Its name is a hash of all that it is drawn from, so a page knows it without drawing. It is drawn when a page
is published; one that nobody drew yet is drawn by the render that asks, in some milliseconds.
"""

from __future__ import annotations

import functools
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import PIL
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
GROUND = (18, 52, 59)
_FONT = Path(__file__).parent / "fonts" / "display.woff"
_MARGIN = 80
_TITLE_SIZES = (84, 72, 62, 52)
_MOST_LINES = 4
_SHADES = 16
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    company: str

    @property
    def name(self) -> str:
        told = repr((self.title, self.company, GROUND, _VERSION, PIL.__version__))
        return f"cards/card.{hashlib.sha256(told.encode()).hexdigest()[:24]}.png"


def url(card: Card) -> str:
    """Where the card is, after making sure that it is there."""
    if not default_storage.exists(card.name):
        default_storage.save(card.name, ContentFile(draw(card)))
    return default_storage.url(card.name)


def draw(card: Card) -> bytes:
    """A PNG of sixteen shades between the colour and white: small, sharp, and the same each time."""
    canvas = Image.new("L", SIZE, 0)
    pen = ImageDraw.Draw(canvas)
    title, font = _fitted(card.title)
    pen.rectangle((_MARGIN, _MARGIN + 4, _MARGIN + 28, _MARGIN + 32), fill=255)
    pen.text((_MARGIN + 48, _MARGIN + 18), _known(card.company), font=_font(38), fill=235, anchor="lm")
    pen.multiline_text((_MARGIN, SIZE[1] - _MARGIN), title, font=font, fill=255, anchor="ld", spacing=14)
    canvas = canvas.point([shade * (_SHADES - 1) // 255 for shade in range(256)])
    canvas = canvas.convert("P")
    canvas.putpalette(_palette())
    body = io.BytesIO()
    canvas.save(body, "PNG", bits=4, compress_level=7)
    return body.getvalue()


def _fitted(title: str) -> tuple[str, ImageFont.FreeTypeFont]:
    """The title in lines, at the largest size that holds it; a very long one ends in an ellipsis."""
    words = _known(title).split()
    for size in _TITLE_SIZES:
        lines = _lines(words, _font(size))
        if len(lines) <= _MOST_LINES:
            return "\n".join(lines), _font(size)
    return "\n".join(lines[:_MOST_LINES]) + " …", _font(_TITLE_SIZES[-1])


def _lines(words: list[str], font: ImageFont.FreeTypeFont) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= SIZE[0] - 2 * _MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _known(text: str) -> str:
    """The letters that the font has: a box for one that it lacks would look broken."""
    return "".join(letter for letter in text if letter.isspace() or _has(letter))


@functools.lru_cache(maxsize=4096)
def _has(letter: str) -> bool:
    font = _font(24)
    return bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size, layout_engine=ImageFont.Layout.BASIC)


def _palette() -> list[int]:
    """From the ground's colour to white, in even steps."""
    last = _SHADES - 1
    return [part + (255 - part) * step // last for step in range(_SHADES) for part in GROUND]
