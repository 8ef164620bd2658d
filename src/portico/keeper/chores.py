"""Steps that may take long, beside the tick: each one once at a time, its failure kept as a finding."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from portico.keeper.steps import JOBS, RefillStore, RemoveBarred, RepairBody, Step
from portico.kit.errors import PorticoError
from portico.model import Finding, Severity

MENDING = (RepairBody, RefillStore, RemoveBarred, *JOBS)
"""Asked for at every tick, until what they mended is seen to be whole."""

REST_S = 1.0
"""Before the same is mended again: that it is whole takes a moment to be seen, what failed would spin."""


class Chores:
    def __init__(self, act: Callable[[Step], None], wake: Callable[[], None]) -> None:
        self._act = act
        self._wake = wake
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="chore")
        self._running: dict[Step, Future[None]] = {}
        self._failed: dict[Step, str] = {}
        self._ended: dict[Step, float] = {}

    def begin(self, step: Step) -> None:
        """Start it unless it runs already, or was mended just now."""
        self._collect()
        if step in self._running or step in self._ended:
            return
        self._running[step] = future = self._pool.submit(self._act, step)
        future.add_done_callback(lambda _ended: self._wake())

    def findings(self, wanted: list[Step]) -> list[Finding]:
        """What failed and is still needed."""
        self._collect()
        self._failed = {step: why for step, why in self._failed.items() if step in wanted}
        return [
            Finding(f"chore-failed:{type(step).__name__}", Severity.CRITICAL, f"{step}: {why}")
            for step, why in self._failed.items()
        ]

    @property
    def idle(self) -> bool:
        self._collect()
        return not self._running

    def _collect(self) -> None:
        now = time.monotonic()
        self._ended = {step: at for step, at in self._ended.items() if now - at < REST_S}
        for step, future in list(self._running.items()):
            if not future.done():
                continue
            del self._running[step]
            if isinstance(step, MENDING):
                self._ended[step] = now
            error = future.exception()
            if error is None:
                self._failed.pop(step, None)
            else:
                self._failed[step] = error.what if isinstance(error, PorticoError) else str(error)
