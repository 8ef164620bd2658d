"""Bodies of what was frozen, by their hash: written once, whole, before the memory names them."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from pathlib import Path

FEW = 50
UNWANTED_SECONDS = 3600
"""A body that no item names is kept so long: somebody may be reading the state before."""


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def place(frozen: Path, name: str) -> Path:
    return frozen / "bodies" / name[:2] / name


def keep(frozen: Path, bodies: dict[str, bytes]) -> dict[str, str]:
    """Each path's digest, once all the bodies are on the disk."""
    named = {path: digest(body) for path, body in bodies.items()}
    lacking = {name: bodies[path] for path, name in named.items() if not _is_there(place(frozen, name))}
    for name, body in lacking.items():
        _write(place(frozen, name), body, sync=len(lacking) <= FEW)
    if len(lacking) > FEW:
        os.sync()
    return named


def sweep(frozen: Path, wanted: set[str], now: float | None = None) -> int:
    """Remove the bodies that no item names any more; how many."""
    oldest = (time.time() if now is None else now) - UNWANTED_SECONDS
    gone = [
        file
        for file in (frozen / "bodies").glob("*/*")
        if file.name not in wanted and file.stat().st_mtime < oldest
    ]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)


def _is_there(body: Path) -> bool:
    """It counts as written now, lest the sweep takes one that nothing named for long."""
    try:
        os.utime(body)
    except FileNotFoundError:
        return False
    return True


def _write(target: Path, body: bytes, *, sync: bool) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        if sync:
            file.flush()
            os.fsync(file.fileno())
    os.replace(draft, target)  # noqa: PTH105 - mkstemp gives a string
