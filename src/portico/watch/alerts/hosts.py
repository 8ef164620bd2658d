"""Alerts on the machine: what is nearly used up, or waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from portico.model import Severity
from portico.watch import signal
from portico.watch.alerts import cases
from portico.watch.alerts.alert import Alert, Case, Trouble
from portico.watch.collect import host
from portico.watch.metric import Metric
from portico.watch.view import View

GIB = 1 << 30
HOST = {"part": "host"}
BREATHLESS_S = 120.0
STALLED = {("cpu", "some"): 0.8, ("memory", "full"): 0.1, ("io", "full"): 0.5}
"""The share of time in which tasks waited, above which the machine can't keep up."""

CROWDED = 4.0
"""Tasks for each core, where the kernel doesn't tell what waits."""

FILES_USED = 0.9


def _disk(view: View) -> Iterator[Trouble]:
    """A tenth of a large disk is plenty: below a few GiB it is told at the latest."""
    free, whole = view.value(host.FREE.name), view.value(host.DISK.name)
    if free is None or not whole or free >= min(0.1 * whole, 5 * GIB):
        return
    severity = Severity.CRITICAL if free < min(0.03 * whole, GIB) else Severity.WARNING
    told = f"{free / GIB:.1f} GiB ({free / whole:.0%}) are left on the disk that the home lies on."
    yield Trouble(told, severity=severity, data=HOST)


def _left(
    free: Metric, whole: Metric, what: str, few: float, fewer: float
) -> Callable[[View], Iterator[Trouble]]:
    """A rule: below the share `few` a warning, below `fewer` critical. A whole of 0 has no limit."""

    def rule(view: View) -> Iterator[Trouble]:
        left, all_of_it = view.value(free.name), view.value(whole.name)
        if left is None or not all_of_it or left >= few * all_of_it:
            return
        severity = Severity.CRITICAL if left < fewer * all_of_it else Severity.WARNING
        yield Trouble(f"{left / all_of_it:.1%} of the {what} are left.", severity=severity, data=HOST)

    return rule


def _files(view: View) -> Iterator[Trouble]:
    used, limit = view.value(host.FILES.name), view.value(host.FILES_LIMIT.name)
    if used is not None and limit and used > FILES_USED * limit:
        yield Trouble(f"{used:.0f} of {limit:.0f} files that the machine can open are open.", data=HOST)


def _out_of_breath(view: View) -> Iterator[Trouble]:
    told = False
    for (resource, share), most in STALLED.items():
        waited = _waited(view, resource, share)
        told = told or waited is not None
        if waited is not None and waited > most:
            who = "all tasks" if share == "full" else "tasks"
            sentence = (
                f"In the last {BREATHLESS_S:.0f} s {who} waited for {resource} {waited:.0%} of the time."
            )
            yield Trouble(sentence, resource, data=HOST)
    if not told:
        yield from _crowded(view)


def _waited(view: View, resource: str, share: str) -> float | None:
    """The share of time, by a mean of the increases; None where the kernel tells nothing."""
    name = host.PRESSURE.name
    if view.value(name, resource=resource, share=share) is None:
        return None
    return view.total(name, BREATHLESS_S, resource=resource, share=share) / BREATHLESS_S


def _crowded(view: View) -> Iterator[Trouble]:
    load, cores = view.value(host.LOAD.name, window="5m"), view.value(host.CORES.name)
    if load is not None and cores and load > CROWDED * cores:
        yield Trouble(f"{load:.0f} tasks want {cores:.0f} cores.", "cpu", data=HOST)


def _part(free: Metric, whole: Metric, share: float, of: float = 1e6) -> Case:
    return cases.steady(signal.of(free.name, share * of), signal.of(whole.name, of))


def _stall(seconds: float) -> Case:
    return cases.steady(signal.of(host.PRESSURE.name, seconds, resource="cpu", share="some"))


ALERTS = (
    Alert(
        "disk-low",
        Severity.WARNING,
        "The disk that the home lies on is nearly full.",
        (host.FREE.name, host.DISK.name),
        _disk,
        fires=_part(host.FREE, host.DISK, 0.05, of=20 * GIB),
        quiet=_part(host.FREE, host.DISK, 0.05, of=2000 * GIB),
        clear_s=30.0,
    ),
    Alert(
        "inodes-low",
        Severity.WARNING,
        "That disk has room for few more files.",
        (host.INODES_FREE.name, host.INODES.name),
        _left(host.INODES_FREE, host.INODES, "files that the disk can hold", 0.1, 0.02),
        fires=_part(host.INODES_FREE, host.INODES, 0.05),
        quiet=_part(host.INODES_FREE, host.INODES, 0.5),
        clear_s=30.0,
    ),
    Alert(
        "memory-low",
        Severity.WARNING,
        "The machine's memory is nearly used up; the kernel will kill processes.",
        (host.AVAILABLE.name, host.MEMORY.name),
        _left(host.AVAILABLE, host.MEMORY, "memory", 0.05, 0.02),
        fires=_part(host.AVAILABLE, host.MEMORY, 0.04),
        quiet=_part(host.AVAILABLE, host.MEMORY, 0.3),
        for_s=15.0,
        clear_s=30.0,
    ),
    Alert(
        "host-out-of-breath",
        Severity.WARNING,
        "Tasks wait for CPU, memory or disk most of the time.",
        (host.PRESSURE.name, host.LOAD.name, host.CORES.name),
        _out_of_breath,
        fires=_stall(4.8),
        quiet=_stall(0.5),
        clear_s=60.0,
    ),
    Alert(
        "file-handles-low",
        Severity.WARNING,
        "The machine can open few more files and sockets.",
        (host.FILES.name, host.FILES_LIMIT.name),
        _files,
        fires=_part(host.FILES, host.FILES_LIMIT, 0.95),
        quiet=_part(host.FILES, host.FILES_LIMIT, 0.2),
        clear_s=30.0,
    ),
)
