"""HAProxy's master over its socket: reloads that refuse nobody, and whether they went well."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

from portico.edge import runtime
from portico.kit.errors import PorticoError, UnavailableError

_PATIENCE = 15.0
"""Seconds that a reload may take before it counts as failed."""

_STARTING = 1.0


class ReloadFailedError(PorticoError):
    """The new configuration doesn't run; the old worker still serves."""


@dataclass(frozen=True, slots=True)
class Processes:
    """`failed` counts the reloads that failed in a row; `old` workers finish their last connections."""

    master: int
    worker: int | None
    reloads: int
    failed: int
    old: tuple[int, ...]


def processes(socket: Path) -> Processes:
    """Raises UnavailableError when the master doesn't answer."""
    return parse(_ask(socket, "show proc"))


def reload(socket: Path) -> int:
    """Swap the configuration in; returns the new worker's id. On ReloadFailedError the old one serves on."""
    before = _processes_soon(socket)
    answer = _ask(socket, "reload")
    if "Success=0" in answer:
        raise _failed(answer.partition("--")[2])
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        now = _processes_meanwhile(socket)
        if now and now.failed > before.failed:
            raise _failed("the reason is in the edge's log")
        if now and now.worker and now.worker != before.worker:
            return now.worker
        time.sleep(0.01)
    raise _failed(f"no new worker came within {_PATIENCE:.0f} s")


def parse(text: str) -> Processes:
    """`show proc`: one line for each process, sections opened by `# workers` and `# old workers`."""
    master, worker, reloads, failed, old = 0, None, 0, 0, []
    section = ""
    for line in text.splitlines():
        if line.startswith("# "):
            section = line[2:].strip()
        elif match := re.match(r"(\d+)\s+(\w+)\s+(\d+)(?:\s+\[failed:\s*(\d+)\])?", line):
            pid, kind, count, bad = match.groups()
            if kind == "master":
                master, reloads, failed = int(pid), int(count), int(bad or 0)
            elif section.startswith("old"):
                old.append(int(pid))
            elif kind == "worker":
                worker = int(pid)
    return Processes(master, worker, reloads, failed, tuple(old))


def _processes_soon(socket: Path) -> Processes:
    """A master that has just started or reloaded refuses for a moment."""
    deadline = time.monotonic() + _STARTING
    while time.monotonic() < deadline:
        if found := _processes_meanwhile(socket):
            return found
        time.sleep(0.01)
    return processes(socket)


def _processes_meanwhile(socket: Path) -> Processes | None:
    """None while the master replaces itself and nobody listens."""
    try:
        return processes(socket)
    except UnavailableError:
        return None


def _ask(socket: Path, command: str) -> str:
    try:
        return runtime.converse(socket, command, timeout=_PATIENCE)
    except OSError as error:
        raise UnavailableError(
            f"HAProxy's master doesn't answer: {error}",
            where=str(socket),
            hint="the keeper starts it; see `portico status`",
            temporary=True,
        ) from error


def _failed(why: str) -> ReloadFailedError:
    lines = [line for line in why.splitlines() if "[ALERT]" in line] or why.split("\n")
    told = lines[0].strip() or "the reason is in the edge's log"
    return ReloadFailedError(
        f"HAProxy refused to reload: {told}", where="edge/haproxy.cfg", hint="the edge serves on as before"
    )
