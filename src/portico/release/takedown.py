"""What the order of a takedown says: the paths, and what replaces each snapshot that holds one of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from portico.config.home import Home
from portico.model import Digest
from portico.snapshot import cleanse
from portico.store import signing
from portico.store.layout import Store

KIND = "takedown"


def args(home: Home, paths: Collection[str], *, live: Digest | None, keep: int) -> Mapping[str, Any]:
    """For the keeper; the replacements are signed into the origin now.

    Raises PorticoError where `live` answers one of the paths.
    """
    key = signing.load_private(home.signing_key)
    replaced = cleanse.replacements(Store(home.origin), paths, key, live=live, keep=keep)
    return {"paths": sorted(paths), "replaced": dict(replaced)}


def args_of_gone(home: Home, paths: Collection[str], *, live: Digest, keep: int) -> Mapping[str, Any] | None:
    """As `args`, for those of `paths` that the live snapshot doesn't answer; None where none is left."""
    if not paths:
        return None
    key = signing.load_private(home.signing_key)
    back = cleanse.live_paths(Store(home.origin), live, paths, key)
    gone = [path for path in paths if path not in back]
    return args(home, gone, live=live, keep=keep) if gone else None
