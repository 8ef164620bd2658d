"""What a request asked for, in few words: a page of the site by its path, everything else by its kind."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portico.kit.errors import PorticoError
from portico.model import Digest, Entry
from portico.store.layout import Store
from portico.store.read import Reader

REDIRECTS, OTHER_FILES = "redirects", "other files"
OWN = "forms and beacons"
FOREIGN = "not of the site"
"""Paths that the site doesn't have, which are as many as somebody likes to make up."""

_KINDS = (
    ("text/css", "styles and scripts"),
    ("text/javascript", "styles and scripts"),
    ("application/javascript", "styles and scripts"),
    ("image/", "pictures"),
    ("font/", "fonts"),
)
_PAGES = ("text/html", "application/xhtml")
KINDS = (*dict.fromkeys(kind for _, kind in _KINDS), OTHER_FILES, REDIRECTS, OWN, FOREIGN)
"""Each of them is no path, as paths begin with a slash."""

_REMEMBERED = 4096
_LONGEST = 120
"""Characters of a path that still makes a readable name; a page with a longer one is another file."""


class Asked:
    """For one thread. `live` says what is live, and is asked now and then by `look`."""

    def __init__(self, store: Store, key: Ed25519PublicKey, live: Callable[[], Digest | None]) -> None:
        self._reader = Reader(store, key)
        self._live = live
        self._snapshot: Digest | None = None
        self._known: dict[str, str | None] = {}

    def look(self) -> None:
        """Learn what is live; what is known of another snapshot's paths is forgotten."""
        live = self._live()
        if live != self._snapshot:
            self._snapshot, self._known = live, {}

    def name(self, path: str, status: int) -> str:
        """A page's path, or one of KINDS. What was answered well and is of no page now is an older file."""
        found = self._found(path)
        if found is not None:
            return found
        if path.startswith("/-/"):
            return OWN
        if 300 <= status < 400:
            return REDIRECTS
        return OTHER_FILES if status < 300 else FOREIGN

    def _found(self, path: str) -> str | None:
        if path not in self._known:
            while len(self._known) >= _REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[path] = self._looked_up(path)
        return self._known[path]

    def _looked_up(self, path: str) -> str | None:
        """A store that can't be read says nothing about visitors; others tell of it."""
        decoded = unquote(path)
        try:
            entry = self._reader.lookup(self._snapshot, decoded) if self._snapshot else None
        except (PorticoError, OSError):
            return None
        return named(decoded, entry) if entry else None


def named(path: str, entry: Entry) -> str:
    """By what the manifest says that the path answers."""
    if not entry.digest:
        return REDIRECTS
    kind = entry.header("content-type") or ""
    if kind.startswith(_PAGES):
        return path if len(path) <= _LONGEST else OTHER_FILES
    return next((name for begin, name in _KINDS if kind.startswith(begin)), OTHER_FILES)
