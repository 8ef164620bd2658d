"""Makes pictures' renditions before a page asks for them: after an upload, and for all before a freeze.

What is made depends on the upload and its focal point alone. A page that is rendered before its pictures
were made waits and gets the same bytes, so a freeze never depends on who came first.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.text import slugify
from wagtail.images import models as images

from portico.studio.models.pictures import Picture
from portico.studio.pictures import drawing, shapes

log = logging.getLogger(__name__)

Made = Mapping[str, list[dict[str, Any]]]
"""By shape: format, width, height and the name in the media storage, narrowest first."""

_drawn: dict[tuple[int, str], Made] = {}
_MOST_DRAWN = 500
"""What this process drew for pages that came first: many pages may show a picture that isn't ready yet."""

_FOCUS = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")


def key(picture: Picture) -> str:
    """All that the renditions are made from; `_lacking` says the same to the database."""
    numbers = (getattr(picture, name) for name in _FOCUS)
    told = (shapes.VERSION, picture.file.name, *("" if one is None else str(one) for one in numbers))
    return ":".join(told)


def made(picture: Picture) -> Made:
    """The picture's renditions; drawn now if nobody did it beforehand. Writes files, never the database.

    Empty for one that can't be read.
    """
    of = key(picture)
    if picture.made_of == of:
        return picture.made
    one = (picture.pk, of)
    if one not in _drawn:
        if len(_drawn) >= _MOST_DRAWN:
            _drawn.clear()
        _drawn[one] = _draw(picture)
    return _drawn[one]


def make(picture: Picture) -> None:
    """All the renditions that templates will ask for, remembered with the picture."""
    of, drawn = key(picture), _draw(picture)
    Picture.objects.filter(pk=picture.pk).update(made=drawn, made_of=of)
    picture.made, picture.made_of = drawn, of


def complete() -> int:
    """Make what lacks, and say how many pictures lacked something: one query where none does."""
    lacking = list(_lacking())
    for picture in lacking:
        make(picture)
    return len(lacking)


def _lacking() -> QuerySet[Picture]:
    focus = [Coalesce(Cast(name, CharField()), Value("")) for name in _FOCUS]
    parts = [Value(shapes.VERSION), Cast("file", CharField()), *focus]
    between = [Value(":")] * (len(parts) - 1)
    whole = Concat(*(one for pair in zip(parts, [*between, Value("")], strict=True) for one in pair))
    return Picture.objects.exclude(made_of=whole).exclude(file__iendswith=".svg").order_by("pk")


def _draw(picture: Picture) -> Made:
    """Each shape's files. An upload that can't be read has none, which is told once."""
    storage, stem = picture.file.storage, slugify(Path(picture.file.name).stem)[:40] or "picture"
    found: dict[str, list[dict[str, Any]]] = {}
    try:
        with picture.open_file() as source:
            renditions = list(drawing.draw(picture, source))
    except (OSError, images.SourceImageIOError) as error:
        log.warning("picture %s (%s) can't be shown: %s", picture.pk, picture.file.name, error)
        return {}
    for one in renditions:
        name = f"pictures/{stem}-{one.width}x{one.height}.{one.digest}.{one.format}"
        _keep(storage, name, one.body)
        told = {"format": one.format, "width": one.width, "height": one.height, "name": name}
        found.setdefault(one.shape, []).append(told)
    return found


def _keep(storage: Storage, name: str, body: bytes) -> None:
    """The name says the content: what is there already is the same."""
    if not storage.exists(name):
        storage.save(name, ContentFile(body))
