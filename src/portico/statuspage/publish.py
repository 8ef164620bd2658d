"""Freezes the status page and brings it to its stores; the keeper decides when, and flips."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection, Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portico.config.home import Home
from portico.kit.errors import PorticoError
from portico.model import MIRROR, Digest
from portico.snapshot import collect, freeze
from portico.snapshot.freeze import Options
from portico.statuspage.source import Made
from portico.store import check, copy, signing
from portico.store.layout import Store

KEEP = 5
"""Snapshots of the page that are kept: it changes each minute, and nobody rolls it back."""

KEEP_S = 300.0
"""For so long at least: after a reload an edge's old worker asks for what was live for up to a minute."""

_OPTIONS = Options(brotli_quality=9, workers=1)


def frozen(home: Home, files: Mapping[str, bytes]) -> Digest:
    """The page's snapshot, signed, in its own origin."""
    home.status_page.mkdir(exist_ok=True)
    index, key = home.status_page / "freezer.db", signing.load_private(home.signing_key)
    return freeze.freeze(Made(files), origin(home), index, key, options=_OPTIONS).id


def origin(home: Home) -> Store:
    return Store(home.status_page / "origin")


def spread(home: Home, places: Collection[str], snapshot: Digest, key: Ed25519PublicKey) -> dict[str, str]:
    """Bring it to every place that is there, verified in each; the reason for each place that lacks it."""
    lacking = {}
    for place in places:
        try:
            _bring(origin(home), Store(home.status_store(place)), snapshot, key)
        except PorticoError as error:
            lacking[place] = error.what
        except OSError as error:
            lacking[place] = str(error)
    return lacking


def may_flip(lacking: Collection[str], serving: Collection[str]) -> bool:
    """The mirror must have it; and where clusters serve, one of them, which the edge then asks. Pure."""
    return MIRROR not in lacking and (not serving or bool(set(serving) - set(lacking)))


def sweep(home: Home, places: Collection[str], live: Digest, key: Ed25519PublicKey) -> None:
    """Keep the last few and the young everywhere. What can't be swept now is swept the next time."""
    rule = collect.Rule(keep=KEEP, keep_days=KEEP_S / 86400, live=live)
    for store in (origin(home), *(Store(home.status_store(place)) for place in places)):
        with contextlib.suppress(PorticoError, OSError):
            collect.collect(store, collect.plan(collect.held_by(store), rule, time.time()), key)


def _bring(source: Store, target: Store, snapshot: Digest, key: Ed25519PublicKey) -> None:
    if not target.snapshots.is_dir():
        target.create()
    copy.snapshot(source, target, snapshot, key)
    if bad := check.snapshot(target, snapshot, key).bad:
        for one in bad:
            target.remove(path for path in target.bodies.glob(f"{one.digest[:2]}/{one.digest}*"))
        copy.snapshot(source, target, snapshot, key)
