"""What each process of the stack takes from the machine: CPU, memory, open files."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psutil

from portico.kit import process
from portico.model import STUDIO
from portico.watch import signal
from portico.watch.collect.protocol import Base
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.watched import Watched

_LABELS = ("part",)
UP = Metric("portico_process_up", Kind.GAUGE, "", "1 while the process runs.", "processes", _LABELS)
CPU = Metric(
    "portico_process_cpu_seconds_total",
    Kind.COUNTER,
    "seconds",
    "CPU time of the process; the edge's and the studio's are those of all their processes.",
    "processes",
    _LABELS,
)
MEMORY = Metric(
    "portico_process_resident_memory_bytes",
    Kind.GAUGE,
    "bytes",
    "Memory that it holds.",
    "processes",
    _LABELS,
)
FILES = Metric(
    "portico_process_open_files",
    Kind.GAUGE,
    "",
    "Files and sockets that it holds open.",
    "processes",
    _LABELS,
)
AGE = Metric(
    "portico_process_uptime_seconds", Kind.GAUGE, "seconds", "Since its start.", "processes", _LABELS
)


_TREES = frozenset({"edge", STUDIO})
"""Parts whose work is done by what they have started."""


@dataclass(slots=True)
class _Taken:
    cpu: float = 0.0
    memory: int = 0
    files: int = 0


class ProcessesCollector(Base):
    name = "processes"
    metrics = (UP, CPU, MEMORY, FILES, AGE)

    def __init__(self, watched: Watched) -> None:
        self._run = watched.home.run

    def collect(self, _now: float, /) -> Iterator[Signal]:
        for record in sorted(self._run.glob("*.json")):
            known = process.recall(record)
            if known is not None:
                yield from _of(record.stem, known)


def _of(part: str, known: process.Process) -> Iterator[Signal]:
    alive = known.alive
    yield signal.of(UP.name, alive, part=part)
    if not alive:
        return
    taken = _Taken()
    for one in (known, *(process.children(known) if part in _TREES else ())):
        with contextlib.suppress(psutil.Error):
            _add(taken, psutil.Process(one.pid))
    yield signal.of(CPU.name, taken.cpu, part=part)
    yield signal.of(MEMORY.name, taken.memory, part=part)
    yield signal.of(FILES.name, taken.files, part=part)
    yield signal.of(AGE.name, max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - known.started), part=part)


def _add(taken: _Taken, found: psutil.Process) -> None:
    with found.oneshot():
        times = found.cpu_times()
        taken.cpu += times.user + times.system
        taken.memory += found.memory_info().rss
        taken.files += found.num_fds()
