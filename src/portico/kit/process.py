"""Processes by id and start time, so that a number the kernel used again is never taken for ours."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from portico.kit import files

_ARENAS = "MALLOC_ARENA_MAX"


@dataclass(frozen=True, slots=True)
class Process:
    """One run of a program: `pid` and its start, seconds by a clock that nobody sets (see `_start`)."""

    pid: int
    started: float

    @property
    def alive(self) -> bool:
        return _find(self) is not None


def spawn(
    command: Sequence[str],
    *,
    cwd: Path,
    log: Path,
    env: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
    user: str | None = None,
) -> Process:
    """Start `command` detached: own session, no input, output appended to `log`. It outlives its parent."""
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            cwd=cwd,
            env=_environment(command, env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=pass_fds,
            start_new_session=True,
            user=user,
        )
    _children[child.pid] = child
    return of(child.pid) or Process(child.pid, 0.0)


def _environment(command: Sequence[str], env: Mapping[str, str] | None) -> dict[str, str]:
    """Python's threads take turns: an arena for each costs memory and wins nothing. Others have theirs."""
    others = {key: value for key, value in (os.environ if env is None else env).items() if key != _ARENAS}
    return {**others, _ARENAS: "1"} if command[0] == sys.executable else others


_children: dict[int, subprocess.Popen[bytes]] = {}


def of(pid: int) -> Process | None:
    """The process that has this id now, or None."""
    try:
        return Process(pid, _start(psutil.Process(pid)))
    except psutil.NoSuchProcess:
        return None


def reap() -> None:
    """Take note of this process's ended children, so that none stays as a zombie."""
    for pid, child in list(_children.items()):
        if child.poll() is not None:
            del _children[pid]


def kill(process: Process, number: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to that very process; nothing happens when it is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        if found := _find(process):
            found.send_signal(number)


def wait_gone(process: Process, timeout: float) -> bool:
    """Wait up to `timeout` seconds for the process to end."""
    deadline = time.monotonic() + timeout
    while process.alive:
        reap()
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    reap()
    return True


def stop(process: Process, *, grace: float) -> None:
    """Ask it to end, and after `grace` seconds make it."""
    kill(process, signal.SIGTERM)
    kill(process, signal.SIGCONT)
    if not wait_gone(process, grace):
        kill(process)
        wait_gone(process, 5)


def remember(path: Path, process: Process) -> None:
    """Write which process it is, for whoever adopts it."""
    files.write_whole(path, json.dumps({**asdict(process), "boot": _boot()}).encode(), durable=False)


def recall(path: Path) -> Process | None:
    """The process that was written there since the machine started, alive or not; else None."""
    try:
        known = json.loads(path.read_bytes())
        return Process(known["pid"], known["started"]) if known["boot"] == _boot() else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _find(process: Process) -> psutil.Process | None:
    try:
        found = psutil.Process(process.pid)
        same = not process.started or abs(_start(found) - process.started) < 0.05
        return found if same and found.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def _start(found: psutil.Process) -> float:
    """Seconds from the machine's start to the process's; the wall clock's answer jumps when it is set."""
    try:
        stat = Path(f"/proc/{found.pid}/stat").read_bytes()
    except OSError:
        return float(found.create_time())
    return int(stat.rpartition(b")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")


def _boot() -> str:
    """The name of this run of the machine, where it has one."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


_GONE_S = 2.0
"""So long a killed process may take to let go of what it holds."""


def end_strays(cwd: Path, words: Sequence[str]) -> None:
    """Kill what runs in `cwd` with all of these words in its command line, and wait until it is gone.

    A starter that dies between starting a process and remembering it leaves one that nobody knows.
    """
    killed = []
    for found in psutil.process_iter(["cmdline"]):
        with contextlib.suppress(psutil.Error):
            if set(words) <= set(found.info["cmdline"] or ()) and found.cwd() == str(cwd):
                found.kill()
                killed.append(found)
    psutil.wait_procs(killed, timeout=_GONE_S)


def pidfd(process: Process) -> int | None:
    """A descriptor that becomes readable when the process ends; None where the system has none."""
    if not hasattr(os, "pidfd_open"):
        return None
    try:
        return os.pidfd_open(process.pid)
    except OSError:
        return None


def children(process: Process) -> list[Process]:
    """The processes that it started and that still run."""
    found = _find(process)
    return [known for pid in (_child_pids(found) if found else ()) if (known := of(pid))]


def _child_pids(found: psutil.Process) -> list[int]:
    """By the kernel's own list, where it has one: psutil looks at every process of the machine."""
    with contextlib.suppress(OSError):
        return [int(pid) for pid in Path(f"/proc/{found.pid}/task/{found.pid}/children").read_text().split()]
    with contextlib.suppress(psutil.NoSuchProcess):
        return [child.pid for child in found.children()]
    return []
