"""The one way a value becomes bytes, so that the same value has the same hash on every machine."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def dumps(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8, no NaN."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def digest(data: bytes) -> str:
    """SHA-256 as 64 lower-case hex characters."""
    return hashlib.sha256(data).hexdigest()
