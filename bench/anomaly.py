"""How well anomalies are found: the Numenta benchmark and web services' own KPIs, beside published scores.

    bench/anomaly.py [--sample] [FOLDER]    the public data's folder; ../shared/anomaly beside the checkout

The data is measured with, never learnt from, and not part of the project. --sample takes each fourth series.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

import _anomaly_data as data
import _anomaly_run as run
import _anomaly_score as score

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "anomaly"
REFRESH = 70
WINDOW = 6400
PUBLISHED_NAB = {
    "ARTime": (74.9, 65.1, 80.4),
    "Numenta HTM": (70.5, 62.6, 75.2),
    "CAD OSE": (69.9, 67.0, 73.2),
    "earthgecko Skyline": (58.2, 46.2, 63.9),
    "KNN CAD": (58.0, 43.4, 64.8),
    "Relative entropy": (54.6, 47.6, 58.8),
    "Random cut forest": (51.7, 38.4, 59.7),
    "Twitter ADVec": (47.1, 33.6, 53.5),
    "Windowed Gaussian": (39.6, 20.9, 47.4),
    "Etsy Skyline": (35.7, 27.1, 44.5),
}
PUBLISHED_KPI = {
    "FluxEV": 0.79,
    "SR-CNN": 0.77,
    "TS2Vec": 0.68,
    "Spectral Residual": 0.65,
    "DONUT": 0.35,
    "SPOT": 0.22,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--sample", action="store_true", help="each fourth series")
    asked = parser.parse_args()
    if not (asked.folder / "nab" / "combined_windows.json").is_file():
        sys.exit(f"{asked.folder}: expected nab/ and kpi_train.npz of the public data there")
    step = 4 if asked.sample else 1
    nab, kpi = data.read_nab(asked.folder)[::step], data.read_kpi(asked.folder)[::step]
    console = Console(width=100)
    found = run.run(nab)
    console.print(numenta(nab, found))
    curves = run.run(kpi)
    console.print(services(curves))
    console.print(cost(found, curves))


def numenta(nab: list[data.Series], found: run.Run) -> Table:
    table = Table("detector", *score.PROFILES, title="Numenta Anomaly Benchmark, 0 to 100")
    everyone = range(len(nab))
    worths = [run.nab_worth(found.scores, profile) for profile in score.PROFILES.values()]
    table.add_row("Portico, threshold that ships", *(f"{each(everyone, run.SHIPPED):.1f}" for each in worths))
    bests = [each(everyone, run.best(each, everyone)) for each in worths]
    table.add_row("Portico, best threshold (the benchmark's way)", *(f"{each:.1f}" for each in bests))
    halves = [run.cross_validated(each, len(nab)) for each in worths]
    table.add_row("Portico, threshold from half of the files", *(f"{each:.1f}" for each in halves))
    for name, scores in PUBLISHED_NAB.items():
        table.add_row(f"{name}, published", *(f"{each:.1f}" for each in scores))
    for name, flagged in self_checks(nab).items():
        sums = {
            profile: [score.nab_sum(series, each, profile) for series, each in zip(nab, flagged, strict=True)]
            for profile in score.PROFILES.values()
        }
        windows = sum(len(series.windows) for series in nab)
        table.add_row(
            f"check: {name}",
            *(f"{score.nab_score(each, windows, profile):.1f}" for profile, each in sums.items()),
        )
    return table


def self_checks(nab: list[data.Series]) -> dict[str, list[list[int]]]:
    """What is flagged by detectors whose scores are known: 0, 100 and 39.6."""
    return {
        "never fires": [[] for _ in nab],
        "fires at each window": [[first for first, _ in series.windows] for series in nab],
        "windowed Gaussian": [
            [at for at, tail in enumerate(tails(series)) if tail >= 1 - 1e-14] for series in nab
        ],
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


def services(curves: run.Run) -> Table:
    counts = run.kpi_counts(curves.scores)
    everyone = range(len(curves.scores))

    def worth(chosen: object, at: int) -> float:
        return run.total(counts[at], chosen).f1

    heads = ("detector", "F1, delay 7", "alerts within 30 min", "false alerts a week")
    table = Table(*heads, title="KPIs of web services")
    weekly, rare = run.at_false_alerts(counts, 1.0), run.at_false_alerts(counts, 0.1)
    rows = {
        "Portico, threshold that ships": run.total(counts[run.SHIPPED], everyone),
        "Portico, best threshold": run.total(counts[run.best(worth, everyone)], everyone),
        "Portico, at one false alert a week": weekly,
        "Portico, at one in ten weeks": rare,
    }
    for name, each in rows.items():
        table.add_row(name, f"{each.f1:.3f}", f"{each.recall:.3f}", f"{each.false_alerts_a_week:.2f}")
    halves = run.cross_validated(worth, len(curves.scores))
    table.add_row("Portico, threshold from half of the curves", f"{halves:.3f}", "", "")
    for name, f1 in PUBLISHED_KPI.items():
        table.add_row(f"{name}, published (test halves)", f"{f1:.2f}", "", "")
    return table


def cost(found: run.Run, curves: run.Run) -> Table:
    table = Table("cost, one core", "points/s", "state, bytes")
    for name, each in (("points of 5 min and longer", found), ("points of 1 min", curves)):
        table.add_row(name, f"{each.points_per_second:,.0f}", f"{each.largest_state:,}")
    return table


if __name__ == "__main__":
    main()
