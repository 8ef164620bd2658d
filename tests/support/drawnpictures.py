"""Run by support.studios on a seeded studio: makes its pictures, or takes those made from the same before.

Drawing them all takes half a minute of CPU; they depend on the uploads alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402 - only now is it set up

from portico.studio.models.pictures import Picture  # noqa: E402
from portico.studio.pictures import ahead  # noqa: E402


def main(kept: Path) -> None:
    media, table = Path(settings.MEDIA_ROOT), kept / "table.json"
    known = json.loads(table.read_text()) if table.exists() else {}
    for picture in Picture.objects.all():
        found = known.get(_key(picture))
        if found is not None:
            for name in _names(found):
                _link(kept / name, media / name)
            Picture.objects.filter(pk=picture.pk).update(made=found, made_of=ahead.key(picture))
    ahead.complete()
    for picture in Picture.objects.all():
        for name in _names(picture.made):
            _link(media / name, kept / name)
        known[_key(picture)] = picture.made
    table.write_text(json.dumps(known))


def _key(picture: Picture) -> str:
    with picture.file.open("rb") as file:
        return f"{ahead.key(picture)} {hashlib.sha256(file.read()).hexdigest()}"


def _names(made: ahead.Made) -> list[str]:
    return [one["name"] for renditions in made.values() for one in renditions]


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        os.link(source, target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
