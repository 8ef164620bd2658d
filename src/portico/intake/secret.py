"""What the replicas of all clusters know alone: it tells their copies and challenges from forged ones."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from portico.kit.errors import ConfigError

FILE = "secret"
"""In each cluster's intake folder."""


def derive(intake_key: bytes) -> bytes:
    """The same for every cluster, and no way back to the key that it is made from."""
    return hashlib.sha256(b"portico replicas\n" + intake_key).hexdigest().encode()


def load(path: Path) -> bytes:
    """Raises ConfigError where there is none."""
    try:
        secret = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"expected the replicas' secret: {error.strerror}", where=str(path)) from error
    if not secret:
        raise ConfigError("expected the replicas' secret, the file is empty", where=str(path))
    return secret


def tag(secret: bytes, purpose: str, *parts: bytes) -> str:
    """32 hex characters that only who knows the secret can make; only the last part may hold line breaks."""
    return hmac.new(secret, b"\n".join((purpose.encode(), *parts)), hashlib.sha256).hexdigest()[:32]


def is_tag(shown: str, secret: bytes, purpose: str, *parts: bytes) -> bool:
    return hmac.compare_digest(shown.encode(), tag(secret, purpose, *parts).encode())
