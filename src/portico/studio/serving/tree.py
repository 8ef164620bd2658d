"""One tree of processes: the parent sets Django up once and forks the others, which share its memory.

A child that dies is forked anew; TERM ends them all; when the parent dies, however it dies, they end too.
The parent runs no thread and holds no connection, as neither survives a fork.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from portico.studio.serving import patience

Program = Callable[[], None]
"""Runs in a child until it is told to end by SIGTERM."""

GRACE = 8.0
"""Seconds that a child has to finish what it does, once it is told to end."""

_WAKING = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGALRM}
_log = logging.getLogger(__name__)


@dataclass
class _Child:
    name: str
    program: Program
    pid: int = 0
    born: float = 0.0
    wait: float = 0.0
    again: float = field(default=0.0)


def run(programs: Mapping[str, Program]) -> None:
    """Keep a child for each of `programs` until this process is told to end."""
    gc.collect()
    gc.freeze()  # what is there now is never looked at again, so that its pages stay shared
    read, write = os.pipe()
    signal.pthread_sigmask(signal.SIG_BLOCK, _WAKING)
    signal.signal(signal.SIGALRM, lambda *_: None)
    children = [_Child(name, program) for name, program in programs.items()]
    try:
        while _start(children, (read, write)) not in {signal.SIGTERM, signal.SIGINT}:
            _bury(children)
    finally:
        _end([child for child in children if child.pid])
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _WAKING)


def once(program: Program) -> int:
    """Run a program in a child and wait for it: what it loads and opens is gone with it. Its exit code."""
    pid = os.fork()
    if not pid:
        _become(program)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _start(children: list[_Child], alive: tuple[int, int]) -> int:
    """Fork those whose time has come; returns the signal that came next."""
    now = time.monotonic()
    for child in children:
        if not child.pid and child.again <= now:
            child.pid, child.born = _fork(child.program, alive), now
    due = [child.again for child in children if not child.pid]
    signal.setitimer(signal.ITIMER_REAL, max(min(due) - now, 0.01) if due else 0)
    return signal.sigwait(_WAKING)


def _fork(program: Program, alive: tuple[int, int]) -> int:
    pid = os.fork()
    if not pid:
        read, write = alive
        os.close(write)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _WAKING)
        threading.Thread(target=_end_with_parent, args=(read,), daemon=True).start()
        _become(program)
    return pid


def _become(program: Program) -> NoReturn:
    code = 1
    try:
        program()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - the boundary of a process
        _log.exception("a part of the studio failed")
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _end_with_parent(read: int) -> None:
    """The pipe ends when the last one who could write is gone: only the parent can."""
    os.read(read, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


def _bury(children: list[_Child]) -> None:
    """Note who died, and when to try again."""
    now = time.monotonic()
    for child in children:
        if not child.pid:
            continue
        pid, status = os.waitpid(child.pid, os.WNOHANG)
        if pid:
            child.wait = patience.before_next(now - child.born, child.wait)
            child.again, child.pid = now + child.wait, 0
            code = os.waitstatus_to_exitcode(status)
            _log.warning("%s ended (%d), is started again in %.1f s", child.name, code, child.wait)


def _end(children: list[_Child]) -> None:
    for child in children:
        os.kill(child.pid, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while children and time.monotonic() < deadline:
        children = [child for child in children if not os.waitpid(child.pid, os.WNOHANG)[0]]
        time.sleep(0.02)
    for child in children:
        os.kill(child.pid, signal.SIGKILL)
        os.waitpid(child.pid, 0)
