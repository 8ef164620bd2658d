"""Steps that may take long, beside the tick: each one once at a time, its failure kept as a finding."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from portico.keeper.steps import Step
from portico.kit.errors import PorticoError
from portico.model import Finding, Severity


class Chores:
    def __init__(self, act: Callable[[Step], None], wake: Callable[[], None]) -> None:
        self._act = act
        self._wake = wake
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="chore")
        self._running: dict[Step, Future[None]] = {}
        self._failed: dict[Step, str] = {}

    def begin(self, step: Step) -> None:
        """Start it unless it runs already."""
        self._collect()
        if step not in self._running:
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
        for step, future in list(self._running.items()):
            if not future.done():
                continue
            del self._running[step]
            error = future.exception()
            if error is None:
                self._failed.pop(step, None)
            else:
                self._failed[step] = error.what if isinstance(error, PorticoError) else str(error)
