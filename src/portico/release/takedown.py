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
