"""Static files under names that hold their content's hash: `form.js` goes by `form.8a1f0c93be5d7742.js`.

Nothing is collected first: names are made from the files themselves, and found again by them.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

_HASH = re.compile(r"(?=\d{0,15}[a-f])(?=[a-f]{0,15}\d)[0-9a-f]{16}")
"""Never digits alone or letters alone, which could be a date or a word."""

_HASHED = re.compile(rf"(.+)\.{_HASH.pattern}(\.[^./]+)")
_ASKED = re.compile(r"""((?:url\(\s*|@import\s+)['"]?)([^'")\s?#]+)""")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/|#", re.IGNORECASE)

_Stamp = tuple[Path, int, int]


@dataclass(frozen=True, slots=True)
class _Named:
    """`rewritten` is a style sheet that asks for others by hashed names; other files are as they lie."""

    hashed: str
    place: Path
    rewritten: bytes | None
    stamps: frozenset[_Stamp]


_known: dict[str, _Named] = {}


class Storage(StaticFilesStorage):
    """What makes {% static %} say hashed names."""

    def url(self, name: str | None) -> str:
        named = _named(name or "")
        return str(super().url(named.hashed if named else name))


def forget() -> None:
    """Look for all files anew: the folders that they are in are others."""
    _known.clear()


def is_hashed(name: str) -> bool:
    return _HASHED.fullmatch(name) is not None


def file(hashed: str) -> Path | None:
    """Where the bytes of a hashed name lie, as long as the content is the one that the hash was made of."""
    parts = _HASHED.fullmatch(hashed)
    named = _named(parts[1] + parts[2]) if parts else None
    if named is None or named.hashed != hashed:
        return None
    return named.place if named.rewritten is None else _written(hashed, named.rewritten)


def _named(name: str, above: frozenset[str] = frozenset()) -> _Named | None:
    """None where there is no such file. `above` are style sheets that are being named, for circles."""
    known = _known.get(name)
    if known and all(stamp == _stamp(stamp[0]) for stamp in known.stamps):
        return known
    found = finders.find(name)
    place = Path(found) if found else None
    if place is None or not place.is_file() or not place.suffix:
        return None
    made = _make(name, place, above | {name})
    if not above:
        _known[name] = made
    return made


def _make(name: str, place: Path, above: frozenset[str]) -> _Named:
    stamps = {_stamp(place)}
    body = place.read_bytes()

    def asked(found: re.Match[str]) -> str:
        part = None if _ELSEWHERE.match(found[2]) else _part(name, found[2], above)
        if part is None:
            return found[0]
        stamps.update(part.stamps)
        return found[1] + posixpath.join(posixpath.dirname(found[2]), posixpath.basename(part.hashed))

    text = body.decode(errors="replace") if place.suffix == ".css" else ""
    changed = _ASKED.sub(asked, text)
    rewritten = changed.encode() if changed != text else None
    stem, suffix = name[: -len(place.suffix)], place.suffix
    return _Named(f"{stem}.{_hash(rewritten or body)}{suffix}", place, rewritten, frozenset(stamps))


def _part(name: str, asked: str, above: frozenset[str]) -> _Named | None:
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), asked))
    return None if target in above or target.startswith("..") else _named(target, above)


def _hash(body: bytes) -> str:
    digest = hashlib.sha256(body).hexdigest()
    found = _HASH.search(digest)
    return found[0] if found else digest


def _stamp(place: Path) -> _Stamp:
    """Of a file that is gone, one that no file has."""
    try:
        status = place.stat()
    except OSError:
        return place, 0, -1
    return place, status.st_mtime_ns, status.st_size


def _written(hashed: str, body: bytes) -> Path:
    """Whole or not at all, as several processes write it."""
    place = Path(settings.STATIC_ROOT) / hashed
    if not place.is_file():
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(descriptor, "wb") as out:
            out.write(body)
        Path(draft).replace(place)
    return place
