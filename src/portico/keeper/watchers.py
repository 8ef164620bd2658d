"""Asks each replica a few times a second whether it answers, beside the tick, which never waits for one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from portico.cluster import local

EVERY_S = 0.15
TIMEOUT_S = 0.35


@dataclass(slots=True)
class _Watched:
    socket: Path
    pid: int
    since: float
    answer: local.Live | None = None
    answered_at: float = 0.0
    ended: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Heard:
    """`silent_s` since the last answer, or since the watching of this process began."""

    answered: bool
    silent_s: float
    live: local.Live | None


class Watchers:
    """One small thread for each running replica; a process with another pid is watched anew."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._watched: dict[str, _Watched] = {}

    def hear(self, name: str, pid: int, socket: Path) -> Heard:
        """What was heard of the process `pid` of replica `name` so far; starts to watch it when it is new."""
        watched = self._watched.get(name)
        if watched is None or watched.pid != pid:
            self.forget(name)
            watched = self._watched[name] = _Watched(socket, pid, time.monotonic())
            threading.Thread(
                target=_watch, args=(watched, self._wake), daemon=True, name=f"watch-{name}"
            ).start()
        answered = watched.answer is not None
        last = watched.answered_at if answered else watched.since
        return Heard(answered, time.monotonic() - last, watched.answer)

    def excuse(self) -> None:
        """What this process could not hear, as it stood still itself, is nobody's silence."""
        for watched in self._watched.values():
            watched.since = watched.answered_at = time.monotonic()

    def forget(self, name: str) -> None:
        if gone := self._watched.pop(name, None):
            gone.ended.set()

    def keep_only(self, names: Iterable[str]) -> None:
        for name in self._watched.keys() - set(names):
            self.forget(name)


def _watch(watched: _Watched, wake: Callable[[], None]) -> None:
    while not watched.ended.is_set():
        asked = time.monotonic()
        answer = local.ask(watched.socket, TIMEOUT_S)
        if answer and answer.pid == watched.pid:
            watched.answer, watched.answered_at = answer, time.monotonic()
        elif watched.answer:
            wake()
        pause = EVERY_S if watched.answer else EVERY_S / 8
        watched.ended.wait(max(0.0, asked + pause - time.monotonic()))
