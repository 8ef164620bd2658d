"""The load that a drill lays on: the player in a process of its own, started, watched and taken off."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

from portico.kit.errors import PorticoError, UnavailableError
from portico.recover import played as results
from portico.recover.plan import Plan
from portico.recover.played import Played, Second

_COMMAND = [sys.executable, "-m", "portico.recover.player", "--plan-from-stdin", "--json"]


class Load:
    """A running player. It ends with this process, however that ends: its input is closed then."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._seconds: list[Second] = []
        self._played: Played | None = None
        self._process = subprocess.Popen(
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._write(plan.dumps() + "\n")

    @property
    def seconds(self) -> list[Second]:
        """The whole seconds of load so far, as they were when each was over."""
        return list(self._seconds)

    def wait_steady(self, seconds: int, patience: float) -> None:
        """Wait for so many seconds of load without a failure. Raises when the site fails by itself."""
        deadline = time.monotonic() + patience
        while len(self._seconds) < seconds:
            if self._process.poll() is not None:
                self._reader.join()
                said = self._process.stderr.read().strip() if self._process.stderr else ""
                raise UnavailableError(f"the load player ended: {said or 'without a word'}")
            if time.monotonic() > deadline:
                raise UnavailableError("the load player didn't begin in time", hint="is the machine busy?")
            time.sleep(0.02)
        failed = sum(second.failed for second in self._seconds)
        if failed:
            raise PorticoError(
                f"{failed} requests failed before anything was struck",
                hint="portico status tells what is off",
            )

    def stop(self) -> Played:
        """Send nothing more, wait for what is under way, and tell how it went."""
        self._close_input()
        self._reader.join(self._plan.timeout_s + 10)
        self._process.wait(1)
        if self._played is None:
            raise UnavailableError("the load player ended without a result")
        return self._played

    def kill(self) -> None:
        """Whatever happened, leave nothing behind."""
        self._close_input()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._reader.join()
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()

    def _close_input(self) -> None:
        if self._process.stdin:
            with contextlib.suppress(OSError):
                self._process.stdin.close()

    def _write(self, line: str) -> None:
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(line)
                self._process.stdin.flush()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            said = json.loads(line)
            if "second" in said:
                said.pop("second")
                self._seconds.append(Second(**said))
            else:
                self._played = results.loads(line)


@contextlib.contextmanager
def laid(plan: Plan) -> Iterator[Load]:
    """Load on while the block runs; off at its end, also when it ends badly."""
    load = Load(plan)
    try:
        yield load
    finally:
        load.kill()
