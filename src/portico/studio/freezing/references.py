"""Static files and media that a frozen body refers to: those, and no others, become public."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders

from portico.studio.serving import fingerprints

_CSS = re.compile(r"""url\(\s*['"]?([^'")\s]+)|@import\s+['"]([^'"]+)""")
_SCRIPT = re.compile(r"""(?:from|import)\s*\(?\s*['"](\.{1,2}/[^'"]+)['"]""")


def of(body: bytes) -> set[str]:
    """Paths below the static and the media URL."""
    return {
        unquote(found[0]) for found in _pattern(settings.HERE.site).finditer(body.decode(errors="replace"))
    }


def within(path: str, file: Path) -> set[str]:
    """What a style sheet or a script asks for in turn."""
    pattern = {".css": _CSS, ".js": _SCRIPT, ".mjs": _SCRIPT}.get(file.suffix)
    if pattern is None:
        return set()
    asked = (
        next(filter(None, found.groups())) for found in pattern.finditer(file.read_text(errors="replace"))
    )
    paths = {posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(one))) for one in asked}
    return {
        re.split("[?#]", one)[0] for one in paths if one.startswith((settings.STATIC_URL, settings.MEDIA_URL))
    }


def file(path: str) -> Path | None:
    """Where the bytes lie, if they are there and inside of the folder that they belong to."""
    if path.startswith(settings.MEDIA_URL):
        return _inside(Path(settings.MEDIA_ROOT), path.removeprefix(settings.MEDIA_URL))
    name = path.removeprefix(settings.STATIC_URL)
    collected = _inside(Path(settings.STATIC_ROOT), name)
    named = collected or fingerprints.file(name)
    if named:
        return named
    found = finders.find(name)
    return Path(found) if found else None


def told(file: Path) -> str:
    """The file as the memory names it: relative to the studio's data where it lies there."""
    data = settings.HERE.data
    return str(file.relative_to(data)) if file.is_relative_to(data) else str(file)


def _inside(root: Path, name: str) -> Path | None:
    found = root / name
    return found if found.is_file() and found.resolve().is_relative_to(root.resolve()) else None


@cache
def _pattern(site: str) -> re.Pattern[str]:
    starts = "|".join(re.escape(url) for url in (settings.STATIC_URL, settings.MEDIA_URL))
    own = re.escape(site.rstrip("/"))
    return re.compile(rf"""(?:(?<![\w./-])|(?<={own}))(?:{starts})[^\s"'<>()\[\]{{}},;?#\\&]+""")
