"""A picture in a page: AVIF, then WebP, in the widths that there are; no pixel moves when it arrives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portico.studio.models.pictures import Picture
from portico.studio.pictures import ahead


def picture(image: Picture, sizes: str, shape: str, attributes: dict[str, str]) -> SafeString:
    """`attributes` are the img's own (class, loading ...); width, height, src, srcset and sizes are added.

    Nothing for an upload that can't be read.
    """
    if image.is_svg():
        own = {"src": image.file.url, "width": str(image.width), "height": str(image.height)}
        return format_html("<img{}>", _written(own | attributes))
    renditions = ahead.made(image).get(shape)
    if not renditions:
        return SafeString()
    best, plain = (_of(renditions, name) for name in ("avif", "webp"))
    largest = plain[-1]
    own = {
        "src": _url(image, plain[len(plain) // 2]),
        "srcset": _srcset(image, plain),
        "sizes": sizes,
        "width": str(largest["width"]),
        "height": str(largest["height"]),
    }
    return format_html(
        '<picture><source type="image/avif" srcset="{}" sizes="{}"><img{}></picture>',
        _srcset(image, best),
        sizes,
        _written(own | attributes),
    )


def alternative(image: Picture, told: str | None) -> str:
    """What a screen reader says: the template's words, the block's or the picture's; none for decoration."""
    if told is not None:
        return told
    if image.decorative:
        return ""
    return image.contextual_alt_text or image.description


def share(image: Picture) -> str:
    """The address of the picture that a shared link shows; "" where there can be none."""
    renditions = ahead.made(image).get("share") if not image.is_svg() else None
    return _url(image, renditions[-1]) if renditions else ""


def _of(renditions: Sequence[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [one for one in renditions if one["format"] == name]


def _url(image: Picture, rendition: dict[str, Any]) -> str:
    return image.file.storage.url(rendition["name"])


def _srcset(image: Picture, renditions: Sequence[dict[str, Any]]) -> str:
    return ", ".join(f"{_url(image, one)} {one['width']}w" for one in renditions)


def _written(attributes: dict[str, str]) -> SafeString:
    return format_html_join("", ' {}="{}"', attributes.items())
