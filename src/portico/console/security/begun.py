"""How much one network may begin unsigned: what is begun is kept, and shall push out nobody else's."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from portico.kit.errors import PorticoError
from portico.operators import guessing, pending

SHARE = 30
NETWORKS = 1000
ENOUGH = "Too much was begun here and not finished. Try again in a few minutes."


class Begun:
    """By the network that asks, as long as what was begun is kept."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._mutex = threading.Lock()
        self._times: dict[str, deque[float]] = {}

    def count(self, address: str) -> None:
        """One more. Raises PorticoError where it would be too many."""
        now, network = self._now(), guessing.network(address)
        with self._mutex:
            times = self._times.pop(network, deque(maxlen=SHARE))
            self._times[network] = times
            if len(times) == SHARE and now - times[0] < pending.LASTS_S:
                raise PorticoError(ENOUGH, temporary=True)
            times.append(now)
            while len(self._times) > NETWORKS:
                del self._times[next(iter(self._times))]
