"""The edge with all its rules, beside its peers: the same bytes and headers, one core each, alternating.

`python bench/edge.py [--quick] [--rounds N] [--seconds N]` prints one table. The ratios are to Debian's nginx
in the same round. CPU is what a request cost the server, which other work on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import statistics
import sys
import tempfile
from collections import defaultdict
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from rich.console import Console
from rich.table import Table

import _edge_load
import _edge_peers
import _edge_site
from _edge_load import Case, Measured
from _edge_peers import Endpoint

BASE = "nginx"
Key = tuple[str, bool, str]
"""Case, over TLS, peer."""
Results = dict[Key, list[Measured | str]]


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="edge-") as name:
        root = Path(name)
        root.chmod(0o755)  # varnishd reads its files as a user of its own
        site = _edge_site.build(root / "frozen")
        results: Results = defaultdict(list)
        warm = tuple(case for case in _edge_load.CASES if case.path)
        _play(root / "warm", site, warm, asked, results)
        _play(root / "cold", site, tuple(case for case in _edge_load.CASES if not case.path), asked, results)
        _show(results, site)
        if not asked.quick:
            _show_latencies(root / "latency", site, results)


def _play(
    root: Path, site: _edge_site.Site, cases: tuple[Case, ...], asked: argparse.Namespace, results: Results
) -> None:
    """Round by round, each peer in turn, so that a busy moment of the machine hits them all."""
    root.mkdir()
    walk = _edge_load.write_walk(root, site.cold)
    small = not cases[0].path
    with _edge_peers.started(root, site, small=small) as peers:
        _check(peers, site, cases)
        measure = partial(_edge_load.measure, seconds=asked.seconds, walk=walk)
        for _, case, secure in itertools.product(range(asked.rounds), cases, (False, True)):
            for name, end in peers.items():
                found = end if isinstance(end, str) else measure(end, case, secure=secure)
                results[case.name, secure, name].append(found)


def _check(peers: dict[str, Endpoint | str], site: _edge_site.Site, cases: tuple[Case, ...]) -> None:
    bodies = {_edge_site.HOT: site.hot, _edge_site.ASSET: site.asset}
    for end in peers.values():
        for case in cases:
            for secure in (False, True):
                if not isinstance(end, str) and case.path and case.status == 200:
                    _edge_load.check(end, case, bodies[case.path], secure=secure)


def _show(results: Results, site: _edge_site.Site) -> None:
    versions = (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    title = f"One core; page {site.raw_size:,} B, brotli {len(site.hot):,} B; {versions}"
    table = Table(title=title, title_justify="left")
    for column in ("case", "", "server"):
        table.add_column(column)
    for column in ("requests/s", "x nginx", "CPU µs", "x nginx by CPU"):
        table.add_column(column, justify="right")
    before = None
    for (case, secure, name), rounds in sorted(results.items(), key=lambda item: _order(item[0])):
        if before not in {None, (case, secure)}:
            table.add_section()
        before = case, secure
        base = results[case, secure, BASE]
        table.add_row(case, "TLS" if secure else "plain", name, *_cells(rounds, base))
    Console(width=110).print(table)


def _order(key: Key) -> tuple[int, bool, int]:
    case, secure, name = key
    cases = [known.name for known in _edge_load.CASES]
    return cases.index(case), secure, list(_edge_peers.PEERS).index(name)


def _cells(rounds: list[Measured | str], base: list[Measured | str]) -> tuple[str, str, str, str]:
    good = [one for one in rounds if isinstance(one, Measured)]
    if not good:
        return str(rounds[0]), "", "", ""
    pairs = [
        (one, other)
        for one, other in zip(rounds, base, strict=True)
        if isinstance(one, Measured) and isinstance(other, Measured)
    ]
    ratio = statistics.median(one.rate / other.rate for one, other in pairs) if pairs else 0
    others = [other for _, other in pairs]
    return (
        f"{statistics.median(one.rate for one in good):,.0f}",
        f"{ratio:.2f}",
        f"{_undisturbed(good):.1f}",
        f"{_undisturbed(others) / _undisturbed(good):.2f}" if others else "",
    )


def _undisturbed(rounds: list[Measured]) -> float:
    """The mean of the cheapest quarter: other work on the machine only ever adds."""
    cheapest = sorted(one.cpu for one in rounds)
    return statistics.mean(cheapest[: max(1, len(cheapest) // 4)])


def _show_latencies(root: Path, site: _edge_site.Site, results: Results) -> None:
    """At half of what each reached over TLS."""
    root.mkdir()
    with _edge_peers.started(root, site, small=False, names=("portico", BASE)) as peers:
        for name, end in peers.items():
            rates = [
                one.rate for one in results[_edge_load.HOT_PAGE.name, True, name] if isinstance(one, Measured)
            ]
            if isinstance(end, str) or not rates:
                continue
            rate = statistics.median(rates) / 2
            _edge_load.percentiles(end, rate, 1, root)
            found = _edge_load.percentiles(end, rate, 5, root)
            told = found if isinstance(found, str) else f"p50 {found[0]:.2f} ms, p99 {found[1]:.2f} ms"
            print(f"{name}, hot page over TLS at {rate:,.0f} requests/s (half of saturation): {told}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="two rounds of one second, no latencies")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=2, help="of each round")
    asked = parser.parse_args()
    if asked.quick:
        asked.rounds, asked.seconds = 2, 1
    return asked


if __name__ == "__main__":
    main()
