"""One JSON line on standard error for what an operator may want to know; never a request's data."""

from __future__ import annotations

import contextlib
import json
import sys
import time

_SELDOM_S = 60.0


def line(event: str, **fields: object) -> None:
    """Nothing is raised when the disk that it would be written to is full."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    with contextlib.suppress(OSError):
        sys.stderr.write(json.dumps({"at": at, "event": event, **fields}, ensure_ascii=False) + "\n")
        sys.stderr.flush()


class Seldom:
    """Each event once a minute: what comes with every request must not fill the disk."""

    def __init__(self) -> None:
        self._told: dict[str, float] = {}

    def line(self, event: str, **fields: object) -> None:
        now = time.monotonic()
        if now - self._told.get(event, -_SELDOM_S) >= _SELDOM_S:
            self._told[event] = now
            line(event, **fields)
