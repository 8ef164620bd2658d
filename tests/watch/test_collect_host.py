"""The machine's numbers, beside what the system says of itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from portico.watch.collect import host
from portico.watch.collect.host import HostCollector
from support import collecting


@pytest.fixture
def found(tmp_path: Path) -> Iterator[dict[str, float]]:
    with collecting.watched(tmp_path) as watched:
        yield collecting.numbers(HostCollector(watched))


def test_the_homes_disk_is_told_as_the_system_sees_it(found: dict[str, float], tmp_path: Path):
    room = shutil.disk_usage(tmp_path)
    assert found["portico_host_disk_bytes"] == room.total
    assert 0 < found["portico_host_disk_free_bytes"] <= room.total
    assert found["portico_host_disk_inodes_free"] <= found["portico_host_disk_inodes"]


def test_cpu_memory_and_network_are_told(found: dict[str, float]):
    assert found["portico_host_cpu_cores"] == psutil.cpu_count()
    assert found['portico_host_cpu_seconds_total{mode="user"}'] > 0
    assert found["portico_host_memory_bytes"] == psutil.virtual_memory().total
    assert 0 < found["portico_host_memory_available_bytes"] < found["portico_host_memory_bytes"]
    assert found['portico_host_network_errors_total{direction="received"}'] >= 0
    assert found["portico_host_uptime_seconds"] > 0


@pytest.mark.skipif(not Path("/proc/sys/fs/file-nr").exists(), reason="no Linux")
def test_file_handles_are_told_with_their_limit(found: dict[str, float]):
    assert 0 < found["portico_host_files_open"] < found["portico_host_files_limit"]


def test_pressure_is_read_where_the_kernel_tells_it(tmp_path: Path):
    (tmp_path / "cpu").write_text(
        "some avg10=1.53 avg60=1.87 avg300=1.73 total=2500000\n"
        "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"
    )
    told = {one.key: one.value for one in host._pressure(tmp_path)}
    assert told == {
        'portico_host_pressure_seconds_total{resource="cpu",share="some"}': 2.5,
        'portico_host_pressure_seconds_total{resource="cpu",share="full"}': 0.0,
    }
