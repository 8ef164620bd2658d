"""An event loop whose clock jumps to the next timer when nothing happens, and stands still else.

So waiting takes no time, and a machine that stalls makes nothing late.
"""

from __future__ import annotations

import asyncio
import selectors


class Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumps = _Jumping()
        super().__init__(self._jumps)

    def time(self) -> float:
        return self._jumps.now


class _Jumping(selectors.DefaultSelector):
    grace_s = 0.002
    """So long what was sent over loopback may really take."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(min(timeout, self.grace_s) if timeout is not None else None)
        if not found and timeout:
            self.now += timeout + 1e-6
        return found
