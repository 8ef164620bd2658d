"""What far places sent: kept in a file for each, written by the intake and read by the prober."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portico.kit import files
from portico.watch.answer import What
from portico.watch.probes import metrics
from portico.watch.probes.report import Report
from portico.watch.signal import Signal

FOLDER = "places"


@dataclass(frozen=True, slots=True)
class Kept:
    """A place's last reports, its counts by target and result, and the number of its last report."""

    reports: list[Report] = field(default_factory=list)
    counts: dict[str, dict[What, int]] = field(default_factory=dict)
    sequence: int = 0


class Inbox:
    """Reads a place's file anew when it changed."""

    def __init__(self, folder: Path, places: Sequence[str]) -> None:
        self._folder = folder
        self._places = tuple(places)
        self._kept: dict[str, tuple[tuple[int, int], Kept]] = {}

    def reports(self) -> list[Report]:
        return [found for place in self._places for found in self._read(place).reports]

    def signals(self) -> list[Signal]:
        return [found for place in self._places for found in self._of(place)]

    def counts(self) -> dict[str, dict[str, dict[What, int]]]:
        """The looks of each place since its start, by target and what was seen."""
        return {place: self._read(place).counts for place in self._places}

    def _of(self, place: str) -> list[Signal]:
        kept = self._read(place)
        counted = [
            one for target, found in kept.counts.items() for one in metrics.of_counts(place, target, found)
        ]
        return [*counted, *(one for report in kept.reports for one in metrics.of_report(report))]

    def _read(self, place: str) -> Kept:
        try:
            seen = _file(self._folder, place).stat()
        except OSError:
            return Kept()
        state = (seen.st_mtime_ns, seen.st_ino)
        if place not in self._kept or self._kept[place][0] != state:
            self._kept[place] = (state, load(self._folder, place))
        return self._kept[place][1]


def sequence(folder: Path, place: str) -> int:
    return load(folder, place).sequence


def load(folder: Path, place: str) -> Kept:
    """What a place sent last; a file that can't be read is as none, the next report replaces it."""
    try:
        value = json.loads(_file(folder, place).read_bytes())
        reports = [
            Report(**{**known, "place": place, "what": What(known["what"]), "agreeing": ()})
            for known in value["reports"]
        ]
        counts = {
            target: {What(what): int(count) for what, count in found.items()}
            for target, found in value["counts"].items()
        }
        return Kept(reports, counts, int(value["sequence"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Kept()


def save(folder: Path, place: str, kept: Kept) -> None:
    file = _file(folder, place)
    file.parent.mkdir(parents=True, exist_ok=True)
    files.write_whole(file, json.dumps(dataclasses.asdict(kept)).encode(), mode=0o600, durable=False)


def _file(folder: Path, place: str) -> Path:
    return folder / FOLDER / f"{place}.json"
