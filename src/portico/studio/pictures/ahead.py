"""Makes pictures' renditions before a page asks for them: after an upload, and for all before a freeze.

What is made depends on the upload and its focal point alone. A page that is rendered before its pictures
were made waits and gets the same bytes, so a freeze never depends on who came first.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.utils.text import slugify

from portico.studio.models.pictures import Picture
from portico.studio.pictures import drawing, shapes

log = logging.getLogger(__name__)

Made = Mapping[str, list[dict[str, Any]]]
"""By shape: format, width, height and the name in the media storage, narrowest first."""

_turn = threading.Lock()


def key(picture: Picture) -> str:
    spot = (
        picture.focal_point_x,
        picture.focal_point_y,
        picture.focal_point_width,
        picture.focal_point_height,
    )
    return f"{shapes.VERSION}:{picture.file.name}:{':'.join(str(number or '') for number in spot)}"


def ready(picture: Picture) -> bool:
    return bool(picture.made) and picture.made_of == key(picture)


def made(picture: Picture) -> Made:
    """The picture's renditions; drawn now if nobody did it beforehand. Writes files, never the database."""
    return picture.made if ready(picture) else _draw(picture)


def make(picture: Picture) -> None:
    """All the renditions that templates will ask for, remembered with the picture."""
    if picture.is_svg() or ready(picture):
        return
    with _turn:
        of, drawn = key(picture), _draw(picture)
    Picture.objects.filter(pk=picture.pk).update(made=drawn, made_of=of)
    picture.made, picture.made_of = drawn, of


def complete() -> int:
    """Make what lacks; how many pictures lacked something. One that can't be read is told and left."""
    lacking = [
        picture for picture in Picture.objects.order_by("pk") if not (picture.is_svg() or ready(picture))
    ]
    for picture in lacking:
        try:
            make(picture)
        except OSError as error:
            log.warning("picture %s (%s) can't be made ready: %s", picture.pk, picture.title, error)
    return len(lacking)


def _draw(picture: Picture) -> Made:
    storage, stem = picture.file.storage, slugify(Path(picture.file.name).stem)[:40] or "picture"
    found: dict[str, list[dict[str, Any]]] = {}
    with picture.open_file() as source:
        for one in drawing.draw(picture, source):
            name = f"pictures/{stem}-{one.width}x{one.height}.{one.digest}.{one.format}"
            _keep(storage, name, one.body)
            found.setdefault(one.shape, []).append(
                {"format": one.format, "width": one.width, "height": one.height, "name": name}
            )
    return found


def _keep(storage: Storage, name: str, body: bytes) -> None:
    """The name says the content: what is there already is the same."""
    if not storage.exists(name):
        storage.save(name, ContentFile(body))
