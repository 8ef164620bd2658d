"""Whoever signs in waits for what is slow, in few threads; nobody who looks waits for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from portico.kit.errors import PorticoError

AT_ONCE = 4
MOST = 12
"""Those who wait among them: anybody who reaches the port may ask, and shall not fill the memory."""

FULL = "Many people are signing in at this moment. Try again in a few seconds, or use a passkey."
Answer = TypeVar("Answer")


@dataclass(slots=True)
class Turns:
    """Of one kind of work."""

    _threads: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))
    _inside: int = 0

    async def take(self, work: Callable[..., Answer], *told: object) -> Answer:
        """Raises PorticoError at once where too many wait already."""
        if self._inside >= MOST:
            raise PorticoError(FULL, temporary=True)
        self._inside += 1
        try:
            return await to_thread.run_sync(work, *told, limiter=self._threads)
        finally:
            self._inside -= 1
