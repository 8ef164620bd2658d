"""Turns an editor's upload into the files that browsers get: upright, in sRGB, without the camera's notes."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps
from wagtail.images import models as images

from portico.studio.pictures import shapes

_SRGB = ImageCms.createProfile("sRGB")


@dataclass(frozen=True, slots=True)
class Rendition:
    shape: str
    format: str
    width: int
    height: int
    body: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:16]


def draw(picture: images.AbstractImage, source: BinaryIO) -> Iterator[Rendition]:
    """Each shape in each width that the upload is large enough for, in each format."""
    upright = _upright(source)
    for name, shape in shapes.SHAPES.items():
        cropped = upright.crop(_frame(picture, shape, upright.size))
        for width in _widths(shape, cropped.width):
            size = (width, shape.height(width))
            resized = cropped.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
            for format_ in shape.formats:
                yield Rendition(name, format_, *size, _encoded(resized, format_))


def _encoded(image: Image.Image, format_: str) -> bytes:
    body = io.BytesIO()
    shown = _on_white(image) if format_ == "jpeg" and image.mode == "RGBA" else image
    shown.save(body, format_.upper(), **shapes.QUALITY[format_])
    return body.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _upright(source: BinaryIO) -> Image.Image:
    with Image.open(source) as opened:
        drawn = ImageOps.exif_transpose(opened)
        profile = opened.info.get("icc_profile")
        mode = "RGBA" if drawn.has_transparency_data else "RGB"
        if profile and drawn.mode in {"RGB", "CMYK"}:
            embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            drawn = ImageCms.profileToProfile(drawn, embedded, _SRGB, outputMode="RGB") or drawn
        drawn = drawn.convert(mode)
    drawn.info.clear()
    return drawn


def _frame(
    picture: images.AbstractImage, shape: shapes.Shape, size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Where to cut: Wagtail's own rule, which keeps the focal point in."""
    across, down = shape.ratio
    fill = images.Filter(f"fill-{across * 1000}x{down * 1000}")
    left, top, right, bottom = fill.get_transform(picture, size).get_rect().round()
    return left, top, right, bottom


def _widths(shape: shapes.Shape, most: int) -> list[int]:
    """Never larger than the upload; one that is smaller than the smallest is given as it is."""
    return [width for width in shape.widths if width <= most] or [most]
