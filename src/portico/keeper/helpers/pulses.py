"""How long each helper has shown no life: it touches its record, or is asked at its socket."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from portico.keeper.helpers import table
from portico.keeper.helpers.table import Helper
from portico.keeper.stack import Stack
from portico.keeper.world import HelperSeen
from portico.kit import process, unixsocket
from portico.kit.process import Process

ASK_EVERY_S = 1.0
ASK_TIMEOUT_S = 5.0
FIRST_S = 15.0
"""For so long a start is left to the site; then a helper is started though nothing is live."""


@dataclass(slots=True)
class _Pulse:
    """Of one process: `beat` is its last sign of life as its record tells it, seen first at `since`."""

    running: Process
    beat: int
    since: float = field(default_factory=time.monotonic)
    answered: bool = False


class Pulses:
    """The time that passes is this process' own: a clock that was set makes nobody silent."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._wanted = {
            name: one for name, one in table.TABLE.items() if one.wanted(stack.settings, stack.home)
        }
        self._pulses: dict[str, _Pulse] = {}
        self._began = time.monotonic()
        self._asked: dict[str, threading.Event] = {}

    def look(self) -> Mapping[str, HelperSeen]:
        """The helpers that shall run, as they are now."""
        return {name: self._look(name, helper) for name, helper in self._wanted.items()}

    def excuse(self) -> None:
        """What this process could not hear, as it stood still itself, is nobody's silence."""
        for pulse in self._pulses.values():
            pulse.since = time.monotonic()

    def _look(self, name: str, helper: Helper) -> HelperSeen:
        record = self._stack.home.record(name)
        running = process.recall(record)
        if running is None or not running.alive:
            self._pulses.pop(name, None)
            self._ask_no_more(name)
            waits = time.monotonic() - self._began < FIRST_S and not helper.hurries(self._stack.home)
            return HelperSeen(running.pid if running else None, waits=waits)
        pulse = self._feel(name, running, record, helper)
        patience = helper.silent_s if pulse.answered else helper.starting_s
        silent = time.monotonic() - pulse.since
        return HelperSeen(
            running.pid, alive=True, answered=pulse.answered, silent_s=silent, patience_s=patience
        )

    def _feel(self, name: str, running: Process, record: Path, helper: Helper) -> _Pulse:
        beat = _beat_of(record)
        pulse = self._pulses.get(name)
        if pulse is None or pulse.running != running:
            pulse = self._pulses[name] = _Pulse(running, beat)
            self._ask_no_more(name)
            if helper.socket:
                self._ask(name, helper.socket(self._stack.home), record)
        elif beat != pulse.beat:
            pulse.beat, pulse.since, pulse.answered = beat, time.monotonic(), True
        return pulse

    def _ask(self, name: str, socket: Path, record: Path) -> None:
        ended = self._asked[name] = threading.Event()
        threading.Thread(target=_ask, args=(socket, record, ended), daemon=True, name=f"ask-{name}").start()

    def _ask_no_more(self, name: str) -> None:
        if ended := self._asked.pop(name, None):
            ended.set()


def _ask(socket: Path, record: Path, ended: threading.Event) -> None:
    """Beat for one that knows nothing of records, whatever it answers: what it lacks, no restart mends."""
    while not ended.wait(ASK_EVERY_S):
        with contextlib.suppress(OSError):
            unixsocket.get(socket, "/live", timeout=ASK_TIMEOUT_S)
            if not ended.is_set():
                os.utime(record)


def _beat_of(record: Path) -> int:
    try:
        return record.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
