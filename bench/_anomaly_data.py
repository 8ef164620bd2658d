"""The two public sets that the detector is measured on, read from their folder without any library."""

from __future__ import annotations

import ast
import csv
import gzip
import json
import struct
import zipfile
from array import array
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

_TYPES = {"<f4": "f", "<f8": "d", "<i8": "q", "|u1": "B"}


@dataclass(frozen=True, slots=True)
class Series:
    """One stream of points; `windows` holds first and last index of each labelled anomaly."""

    name: str
    times: array[float]
    values: array[float]
    windows: list[tuple[int, int]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.values)


def read_nab(folder: Path) -> list[Series]:
    windows = json.loads((folder / "nab" / "combined_windows.json").read_text())
    return [_nab_series(folder, name, windows[name]) for name in sorted(windows)]


def _nab_series(folder: Path, name: str, windows: list[list[str]]) -> Series:
    with gzip.open(folder / "nab" / "data" / f"{name}.gz", "rt") as file:
        rows = list(csv.reader(file))[1:]
    times = array("d", (_seconds(row[0]) for row in rows))
    values = array("d", (float(row[1]) for row in rows))
    spans = [_inside(times, _seconds(first), _seconds(last)) for first, last in windows]
    return Series(name, times, values, spans)


def _seconds(stamp: str) -> float:
    return datetime.fromisoformat(stamp).replace(tzinfo=UTC).timestamp()


def _inside(times: array[float], first: float, last: float) -> tuple[int, int]:
    inside = [index for index, at in enumerate(times) if first <= at <= last]
    return inside[0], inside[-1]


def read_kpi(folder: Path) -> list[Series]:
    with zipfile.ZipFile(folder / "kpi_train.npz") as archive:
        held = {Path(name).stem for name in archive.namelist()}
        curves = sorted({name.split("_")[0] for name in held})
        return [_kpi_series(archive, held, curve) for curve in curves]


def _kpi_series(archive: zipfile.ZipFile, held: set[str], curve: str) -> Series:
    values = array("d", _numbers(archive, f"{curve}_value"))
    if f"{curve}_t" in held:
        times = array("d", _numbers(archive, f"{curve}_t"))
    else:
        start, step = (_numbers(archive, f"{curve}_{part}")[0] for part in ("start", "step"))
        times = array("d", (start + step * index for index in range(len(values))))
    return Series(curve, times, values, stretches(_numbers(archive, f"{curve}_label")))


def stretches(labels: array[int]) -> list[tuple[int, int]]:
    """First and last index of each run of labelled points."""
    found: list[tuple[int, int]] = []
    for index, label in enumerate(labels):
        if not label:
            continue
        if found and found[-1][1] == index - 1:
            found[-1] = (found[-1][0], index)
        else:
            found.append((index, index))
    return found


def _numbers(archive: zipfile.ZipFile, name: str) -> array:
    """One array of an .npz file; its header is a dictionary's text behind ten or twelve bytes."""
    raw = archive.read(f"{name}.npy")
    size, start = struct.unpack_from("<H", raw, 8)[0], 10
    if raw[6] > 1:
        size, start = struct.unpack_from("<I", raw, 8)[0], 12
    header = ast.literal_eval(raw[start : start + size].decode("latin-1"))
    numbers = array(_TYPES[header["descr"]])
    numbers.frombytes(raw[start + size :])
    return numbers
