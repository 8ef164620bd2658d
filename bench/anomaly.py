"""How well anomalies are found, on the Numenta benchmark and on web services' own KPIs, beside published scores.

    bench/anomaly.py [FOLDER]        the folder of the public data; ../shared/anomaly beside the checkout

The data is measured with, never learnt from, and not part of the project.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

from rich.console import Console

import _anomaly_data as data
import _anomaly_score as score

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "anomaly"
REFRESH = 70
WINDOW = 6400


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    folder = parser.parse_args().folder
    if not (folder / "nab" / "combined_windows.json").is_file():
        sys.exit(f"{folder}: expected nab/ and kpi_train.npz of the public data there")
    Console().print(self_checks(data.read_nab(folder)))


def self_checks(nab: list[data.Series]) -> dict[str, float]:
    """A scorer that is right gives 0, 100 and 39.6."""
    windows = sum(len(series.windows) for series in nab)
    standard = score.PROFILES["standard"]
    firsts = [[first for first, _ in series.windows] for series in nab]
    gaussian = [[at for at, p in enumerate(tails(series)) if p >= 1 - 1e-14] for series in nab]
    flagged = {"never fires": [[] for _ in nab], "fires at each window": firsts, "Gaussian": gaussian}
    return {
        name: score.nab_score(
            [score.nab_sum(series, each, standard) for series, each in zip(nab, lists, strict=True)],
            windows,
            standard,
        )
        for name, lists in flagged.items()
    }


def tails(series: data.Series) -> list[float]:
    """The plain windowed Gaussian: one minus the tail probability of each value."""
    found: list[float] = []
    mean = deviation = 0.0
    for index, value in enumerate(series.values):
        if index and index % REFRESH == 0:
            past = series.values[max(0, index - WINDOW) : index]
            mean = math.fsum(past) / len(past)
            deviation = math.sqrt(math.fsum((each - mean) ** 2 for each in past) / len(past)) or 1e-6
        away = abs(value - mean) / deviation / math.sqrt(2) if deviation else 0.0
        found.append(1 - 0.5 * math.erfc(away))
    return found


if __name__ == "__main__":
    main()
