"""The token by which a far probe is known; made at first need, for its owner's eyes alone."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from portico.kit import files


def provide(file: Path) -> str:
    try:
        if known := file.read_text(encoding="ascii").strip():
            return known
    except FileNotFoundError:
        pass
    made = secrets.token_urlsafe(32)
    files.write_whole(file, f"{made}\n".encode(), mode=0o600)
    return made


def is_right(shown: str, file: Path) -> bool:
    """In constant time, whatever was shown."""
    return hmac.compare_digest(shown.encode(), provide(file).encode())
