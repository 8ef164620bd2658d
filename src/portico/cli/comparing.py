"""Two snapshots held against each other: `portico diff` and the preview of `portico publish`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from portico.cli import names, screen, words
from portico.config.load import Config
from portico.model import Digest
from portico.snapshot import diff
from portico.store import read, signing
from portico.store.layout import Store

MOST = 50
_SIGNS = (("added", "+", screen.GOOD), ("changed", "~", screen.FAIR), ("gone", "-", screen.BAD))


def compare(config: Config, before: Digest, after: Digest) -> diff.Diff:
    """What changed, read from the first store that holds both. Raises UnknownSnapshotError."""
    key = signing.load_public(config.home.public_key)
    stores = names.stores(config).values()
    both = (store for store in stores if store.manifest(before).exists() and store.manifest(after).exists())
    return diff.diff(read.Reader(next(both, Store(config.home.origin)), key), before, after)


def document(before: Digest | None, after: Digest, found: diff.Diff) -> dict[str, Any]:
    """For scripts: every path."""
    return {"before": before, "after": after, **asdict(found)}


def show(before: Digest, after: Digest, found: diff.Diff) -> None:
    """For people: the first paths of each kind, and the sums."""
    if found.empty:
        screen.say(f"{words.short(before)} and {words.short(after)} are the same")
        return
    for kind, sign, colour in _SIGNS:
        paths = getattr(found, kind)
        for path in paths[:MOST]:
            screen.say(f"{sign} {path}", style=colour)
        if len(paths) > MOST:
            screen.say(f"{sign} and {len(paths) - MOST:,} more: --json lists them all", style=screen.CALM)
    if found.rules:
        screen.say("~ the redirects or the 404 pages", style=screen.FAIR)
    counts = ", ".join(f"{len(getattr(found, kind)):,} {kind}" for kind, _, _ in _SIGNS)
    screen.say(f"{counts}; {words.size(found.bytes_added)} came, {words.size(found.bytes_gone)} went")
