"""Holds the listening sockets and keeps the keeper running, as systemd's socket unit does in production.

It does nothing else, so that it has nothing to die of. Should it be killed all the same, the keeper, which
inherited the sockets, starts another. Run as `python -m portico.keeper.guard HOME [CONFIG]`.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from portico.config.home import Home
from portico.keeper import listen
from portico.kit import process
from portico.kit.errors import PorticoError

LONGEST_PAUSE_S = 5.0
HUNG_S = 30.0
"""A keeper that hasn't ticked for so long is taken for hung; its longest step takes half of that."""


def command(module: str, home: Home, config: Path | None) -> list[str]:
    """How guard and keeper start each other."""
    return [sys.executable, "-m", module, str(home.root), *((str(config),) if config else ())]


def spawn(home: Home, config: Path | None, sockets: listen.Sockets | None) -> process.Process:
    """Start a guard; it remembers itself."""
    return process.spawn(
        command("portico.keeper.guard", home, config),
        cwd=home.root,
        log=home.log("guard"),
        env=listen.environment(sockets),
        pass_fds=sockets.fds if sockets else (),
    )


def run(home: Home, config: Path | None) -> None:
    """Start the keeper whenever there is none, at once, or with growing pauses when it keeps ending."""
    sockets = listen.inherited()
    process.remember(home.record("guard"), process.Process(os.getpid(), _own_start()))
    pause = 0.0
    while True:
        keeper = process.recall(home.record("keeper"))
        if keeper is None or not keeper.alive:
            time.sleep(pause)
            keeper = _start_keeper(home, config, sockets)
        began = time.monotonic()
        if keeper:
            _wait(keeper, home.record("keeper"))
        quick = time.monotonic() - began < 2.0
        pause = min(LONGEST_PAUSE_S, pause * 2 or 0.1) if quick else 0.0


def _start_keeper(home: Home, config: Path | None, sockets: listen.Sockets | None) -> process.Process | None:
    """None when the machine lacks what that needs; a keeper that a full disk keeps off the record, too."""
    started = None
    with contextlib.suppress(OSError, PorticoError):
        started = process.spawn(
            command("portico.keeper", home, config),
            cwd=home.root,
            log=home.log("keeper"),
            env=listen.environment(sockets),
            pass_fds=sockets.fds if sockets else (),
        )
        process.remember(home.record("keeper"), started)
    return started


def _wait(keeper: process.Process, record: Path) -> None:
    """Until it ends; one that ticks no more is ended."""
    fd = process.pidfd(keeper)
    try:
        while keeper.alive:
            select.select([fd] if fd is not None else [], [], [], 1.0 if fd is not None else 0.1)
            process.reap()
            if _silent_s(record) > HUNG_S:
                process.kill(keeper)
    finally:
        if fd is not None:
            os.close(fd)


def _silent_s(record: Path) -> float:
    """Seconds since the keeper's last tick, which touches its record."""
    try:
        return time.time() - record.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _own_start() -> float:
    me = process.of(os.getpid())
    return me.started if me else 0.0


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _leave)
    run(Home(Path(sys.argv[1])), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
