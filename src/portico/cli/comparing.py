"""Two snapshots held against each other: `portico diff` and the preview of `portico publish`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from portico.cli import names, screen, words
from portico.config.load import Config
from portico.model import Digest
from portico.release import snapshots
from portico.snapshot import diff

MOST = 50
_SIGNS = (("added", "+", screen.GOOD), ("changed", "~", screen.FAIR), ("gone", "-", screen.BAD))


def compare(config: Config, before: Digest, after: Digest) -> diff.Diff:
    return snapshots.compare(config.home, names.stores(config), before, after)


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
