"""The machine: CPU, load, memory, the home's disk, files, network, and what waits for any of them."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from portico.watch import signal
from portico.watch.collect.protocol import Base
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.watched import Watched


def _gauge(name: str, unit: str, told: str, *labels: str) -> Metric:
    return Metric(f"portico_host_{name}", Kind.GAUGE, unit, told, "host", labels)


def _counter(name: str, unit: str, told: str, *labels: str) -> Metric:
    return Metric(f"portico_host_{name}", Kind.COUNTER, unit, told, "host", labels)


MODES = ("user", "system", "nice", "idle", "iowait", "irq", "softirq", "steal")
CPU = _counter("cpu_seconds_total", "seconds", "CPU time of all cores, by what it went into.", "mode")
CORES = _gauge("cpu_cores", "", "Cores.")
LOAD = _gauge("load", "", "Tasks that run or wait for a core or a disk, a mean.", "window")
MEMORY = _gauge("memory_bytes", "bytes", "Memory of the machine.")
AVAILABLE = _gauge("memory_available_bytes", "bytes", "Memory that can be had without swapping.")
SWAP = _gauge("swap_bytes", "bytes", "Swap space.")
SWAPPED = _gauge("swap_used_bytes", "bytes", "Swap space in use.")
DISK = _gauge("disk_bytes", "bytes", "The file system that the home lies on.")
FREE = _gauge("disk_free_bytes", "bytes", "Room left there.")
INODES = _gauge("disk_inodes", "", "Files that it can hold; 0 where there is no limit.")
INODES_FREE = _gauge("disk_inodes_free", "", "Files that it can still take.")
DISK_IO = _counter("disk_io_bytes_total", "bytes", "Bytes to and from all disks.", "direction")
FILES = _gauge("files_open", "", "Files that are open in the whole machine.")
FILES_LIMIT = _gauge("files_limit", "", "Files that can be open.")
NETWORK = _counter("network_bytes_total", "bytes", "Bytes, without the loopback's.", "direction")
NETWORK_ERRORS = _counter("network_errors_total", "", "Packets that were broken.", "direction")
NETWORK_DROPS = _counter("network_drops_total", "", "Packets that found no room.", "direction")
PRESSURE = _counter(
    "pressure_seconds_total", "seconds", "Time in which tasks waited for it: some of them, or all.",
    "resource", "share",
)  # fmt: skip
UPTIME = _gauge("uptime_seconds", "seconds", "Since the machine was started.")

_STALLED = re.compile(r"^(some|full) .*total=(\d+)", re.MULTILINE)


class HostCollector(Base):
    name = "host"
    metrics = (
        *(CPU, CORES, LOAD, MEMORY, AVAILABLE, SWAP, SWAPPED, DISK, FREE, INODES, INODES_FREE, DISK_IO),
        *(FILES, FILES_LIMIT, NETWORK, NETWORK_ERRORS, NETWORK_DROPS, PRESSURE, UPTIME),
    )

    def __init__(self, watched: Watched) -> None:
        self._home = watched.home.root

    def collect(self, _now: float, /) -> Iterator[Signal]:
        yield from _cpu()
        yield from _memory()
        yield from _disk(self._home)
        yield from _files()
        yield from _network()
        yield from _pressure(Path("/proc/pressure"))
        yield signal.of(UPTIME.name, time.clock_gettime(time.CLOCK_BOOTTIME))


def _cpu() -> Iterator[Signal]:
    times = psutil.cpu_times()._asdict()
    for mode in MODES:
        if mode in times:
            yield signal.of(CPU.name, times[mode], mode=mode)
    yield signal.of(CORES.name, os.cpu_count() or 1)
    for window, load in zip(("1m", "5m", "15m"), os.getloadavg(), strict=True):
        yield signal.of(LOAD.name, load, window=window)


def _memory() -> Iterator[Signal]:
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    yield signal.of(MEMORY.name, memory.total)
    yield signal.of(AVAILABLE.name, memory.available)
    yield signal.of(SWAP.name, swap.total)
    yield signal.of(SWAPPED.name, swap.used)


def _disk(home: Path) -> Iterator[Signal]:
    room = os.statvfs(home)
    yield signal.of(DISK.name, room.f_blocks * room.f_frsize)
    yield signal.of(FREE.name, room.f_bavail * room.f_frsize)
    yield signal.of(INODES.name, room.f_files)
    yield signal.of(INODES_FREE.name, room.f_favail)
    if moved := psutil.disk_io_counters():
        yield signal.of(DISK_IO.name, moved.read_bytes, direction="read")
        yield signal.of(DISK_IO.name, moved.write_bytes, direction="written")


def _files() -> Iterator[Signal]:
    """Linux alone tells it."""
    with contextlib.suppress(OSError):
        used, free, limit = map(int, Path("/proc/sys/fs/file-nr").read_text().split())
        yield signal.of(FILES.name, used - free)
        yield signal.of(FILES_LIMIT.name, limit)


def _network() -> Iterator[Signal]:
    cards = [seen for name, seen in psutil.net_io_counters(pernic=True).items() if not name.startswith("lo")]
    yield signal.of(NETWORK.name, sum(card.bytes_recv for card in cards), direction="received")
    yield signal.of(NETWORK.name, sum(card.bytes_sent for card in cards), direction="sent")
    yield signal.of(NETWORK_ERRORS.name, sum(card.errin for card in cards), direction="received")
    yield signal.of(NETWORK_ERRORS.name, sum(card.errout for card in cards), direction="sent")
    yield signal.of(NETWORK_DROPS.name, sum(card.dropin for card in cards), direction="received")
    yield signal.of(NETWORK_DROPS.name, sum(card.dropout for card in cards), direction="sent")


def _pressure(folder: Path) -> Iterator[Signal]:
    """Kernels may be built without it."""
    for resource in ("cpu", "memory", "io"):
        with contextlib.suppress(OSError):
            for share, total in _STALLED.findall((folder / resource).read_text()):
                yield signal.of(PRESSURE.name, int(total) / 1e6, resource=resource, share=share)
