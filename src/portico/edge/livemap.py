"""The map's file: what a starting or reloaded HAProxy serves. A flip at the runtime is memory only."""

from __future__ import annotations

from pathlib import Path

from portico.edge.runtime import MAP
from portico.kit import files
from portico.model import SITE, Digest


def write(home: Path, snapshot: Digest | None) -> None:
    """Say what is live; None writes a map that says nothing, with which HAProxy starts and answers 503."""
    line = f"{SITE} {snapshot}\n" if snapshot else ""
    files.write_whole(home / MAP, f"# the snapshot that visitors get\n{line}".encode())


def read(home: Path) -> Digest | None:
    try:
        lines = (home / MAP).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    return next((words[1] for line in lines if (words := line.split())[:1] == [SITE]), None)
