"""Pictures as editors upload them, drawn for tests."""

from __future__ import annotations

import io

from django.core.files.images import ImageFile
from PIL import Image


def jpeg(size=(1800, 1200), *, dark=(0, 0, 100, 100), **options) -> io.BytesIO:
    """Light, with a dark part at the place that is told."""
    image = Image.new("RGB", size, (230, 220, 200))
    image.paste((20, 30, 40), dark)
    body = io.BytesIO()
    image.save(body, "JPEG", quality=90, **options)
    body.seek(0)
    return body


def upload(body: io.BytesIO | None = None, name="boat.jpg", **fields):
    from portico.studio.models import Picture  # noqa: PLC0415 - when Django is set up

    return Picture.objects.create(title="Boat", file=ImageFile(body or jpeg(), name=name), **fields)
