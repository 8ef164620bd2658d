"""The maps' files: what a starting or reloaded HAProxy serves. A flip at the runtime is memory only."""

from __future__ import annotations

from pathlib import Path

from portico.edge.runtime import MAPS
from portico.kit import files
from portico.model import SITE, Digest


def write(home: Path, snapshot: Digest | None, site: str = SITE) -> None:
    """Say what is live; None writes a map that says nothing, with which HAProxy starts and answers 503."""
    line = f"{site} {snapshot}\n" if snapshot else ""
    files.write_whole(home / MAPS[site], f"# the snapshot that visitors get\n{line}".encode())


def read(home: Path, site: str = SITE) -> Digest | None:
    try:
        lines = (home / MAPS[site]).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    return next((words[1] for line in lines if (words := line.split())[:1] == [site]), None)


def ensure(home: Path, site: str) -> None:
    """Have a file, as HAProxy starts with none missing; what it says stays."""
    if not (home / MAPS[site]).exists():
        write(home, None, site)
