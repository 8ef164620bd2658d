"""The shapes and widths that templates ask pictures in: a closed table, so that all are made beforehand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """`ratio` is width to height, cropped around the focal point."""

    ratio: tuple[int, int]
    widths: tuple[int, ...]
    formats: tuple[str, ...] = ("avif", "webp")

    def height(self, width: int) -> int:
        across, down = self.ratio
        return max(1, round(width * down / across))


SHAPES: Mapping[str, Shape] = {
    "wide": Shape((16, 9), (480, 960, 1600)),
    "card": Shape((3, 2), (320, 640, 960)),
    "square": Shape((1, 1), (160, 320, 640)),
    "share": Shape((1200, 630), (1200,), ("jpeg",)),
}

QUALITY: Mapping[str, Mapping[str, int]] = {
    "avif": {"quality": 52, "speed": 7, "max_threads": 1},
    "webp": {"quality": 78, "method": 4},
    "jpeg": {"quality": 82, "optimize": True, "progressive": True},
}
"""One thread each: the same bytes on every machine."""

VERSION = hashlib.sha256(repr((SHAPES, QUALITY)).encode()).hexdigest()[:8]
"""Another table makes the pictures anew."""
