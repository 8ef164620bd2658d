"""One detector for each series, and the anomalies that are open: what the watcher finds unusual now."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from portico.kit import files
from portico.watch.anomaly import archive
from portico.watch.anomaly.detector import Detector, Verdict
from portico.watch.anomaly.unusual import Anomaly

MOST: Final = 2000
"""A stack of two clusters of two has some 420, each further replica 29, each far place about 60."""

CALM: Final = 300.0
LONGEST: Final = 43_200.0
FORGOTTEN: Final = 86_400.0


class Fleet:
    """Series by key, at most so many; `folder` keeps what was learnt, None keeps nothing."""

    def __init__(self, folder: Path | None, most: int = MOST) -> None:
        self.troubles: list[str] = []
        self._folder = folder
        self._most = most
        self._detectors: dict[str, Detector] = {}
        self._open: dict[str, Anomaly] = {}
        if folder:
            self._load(folder)

    def observe(self, at: float, values: Mapping[str, float]) -> list[Anomaly]:
        """Learn these points, and give the anomalies that are open now, the oldest first.

        A series without a value is missing and neither learns nor alarms.
        """
        for key, value in values.items():
            detector = self._detectors.get(key) or self._welcome(key, at)
            if detector:
                self._judge(key, at, detector, detector.observe(at, value))
        for key in [key for key, anomaly in self._open.items() if _is_over(anomaly, at)]:
            del self._open[key]
        return sorted(self._open.values(), key=lambda anomaly: anomaly.since)

    def note(self, at: float, why: str) -> None:
        """Something was done to what is measured: every detector is more tolerant for a while."""
        for detector in self._detectors.values():
            detector.note(at, why)

    def save(self) -> None:
        """Write what was learnt, whole or not at all; some 18 kB a series."""
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        dumps = {key: detector.dump() for key, detector in self._detectors.items()}
        files.write_whole(self._folder / archive.NAME, archive.pack(dumps, list(self._open.values())))

    def _judge(self, key: str, at: float, detector: Detector, verdict: Verdict) -> None:
        known = self._open.get(key)
        if verdict.anomalous and (known is None or not _is_outside(known, detector.value)):
            self._open[key] = Anomaly(key, at, detector.value, verdict, at)
        elif known and (verdict.anomalous or _is_outside(known, detector.value)):
            self._open[key] = replace(known, unusual=at)

    def _welcome(self, key: str, at: float) -> Detector | None:
        """A detector for a new series; the longest unseen makes room, if it has been unseen for a day."""
        if len(self._detectors) >= self._most and not self._make_room(at):
            told = f"more than {self._most} series: the others are not judged"
            if told not in self.troubles:
                self.troubles.append(told)
            return None
        self._detectors[key] = Detector()
        return self._detectors[key]

    def _make_room(self, at: float) -> bool:
        oldest = min(self._detectors, key=lambda key: self._detectors[key].at)
        if at - self._detectors[oldest].at < FORGOTTEN:
            return False
        del self._detectors[oldest]
        return True

    def _load(self, folder: Path) -> None:
        path = folder / archive.NAME
        files.sweep(folder, archive.NAME)
        try:
            dumps, self._open = archive.unpack(path.read_bytes())
        except FileNotFoundError:
            return
        except ValueError as error:
            aside = path.with_suffix(".corrupt")
            path.replace(aside)
            self.troubles.append(f"{path.name}: {error}; set aside as {aside.name}, detectors learn anew")
            return
        for key, dump in dumps.items():
            self._revive(key, dump)

    def _revive(self, key: str, dump: bytes) -> None:
        try:
            self._detectors[key] = Detector.load(dump)
        except ValueError as error:
            self.troubles.append(f"{key}: {error}; its detector learns anew")


def _is_outside(anomaly: Anomaly, value: float) -> bool:
    """Out of the range that was expected when it began; one that was within it is over with its calm."""
    verdict = anomaly.verdict
    return math.isfinite(verdict.low) and not verdict.low <= value <= verdict.high


def _is_over(anomaly: Anomaly, at: float) -> bool:
    """Calm for minutes, by whichever clock, or unusual for so long that it is the new usual."""
    return abs(at - anomaly.unusual) >= CALM or at - anomaly.since >= LONGEST
