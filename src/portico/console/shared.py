"""What one page's many viewers have in common is looked up once for all of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

_Value = TypeVar("_Value")
_MOST = 64


@dataclass(slots=True)
class _Held(Generic[_Value]):
    value: _Value | None = None
    until: float = 0.0
    busy: threading.Lock = field(default_factory=threading.Lock)


class Shared(Generic[_Value]):
    """Values by key, each kept for a moment. Who comes while one is made waits for it and takes the same."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._held: dict[Hashable, _Held[_Value]] = {}

    def get(self, key: Hashable, keep_s: float, make: Callable[[], _Value]) -> _Value:
        """What `make` raises is raised, and not kept."""
        held = self._slot(key)
        with held.busy:
            if held.value is None or time.monotonic() >= held.until:
                held.value = make()
                held.until = time.monotonic() + keep_s
            return held.value

    def _slot(self, key: Hashable) -> _Held[_Value]:
        with self._mutex:
            held = self._held.pop(key, None) or _Held()
            self._held[key] = held
            while len(self._held) > _MOST:
                del self._held[next(iter(self._held))]
            return held
