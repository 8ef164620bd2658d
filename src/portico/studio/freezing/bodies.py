"""Bodies of what was frozen, by their hash: written once, whole, before the memory names them."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def place(frozen: Path, name: str) -> Path:
    return frozen / "bodies" / name[:2] / name


def keep(frozen: Path, body: bytes) -> str:
    """The body's digest, once the body is in the folder."""
    name = digest(body)
    target = place(frozen, name)
    if target.exists():
        return name
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, target)  # noqa: PTH105 - mkstemp gives a string
    return name


def sweep(frozen: Path, wanted: set[str]) -> int:
    """Remove the bodies that no item names any more; how many."""
    gone = [file for file in (frozen / "bodies").glob("*/*") if file.name not in wanted]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)
