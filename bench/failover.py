"""What visitors notice when a part dies under load, and what they notice of HAProxy with its default checks.

    bench/failover.py [--rounds N] [--rate N] [DRILL ...]

The peer, measured in the same run, is a HAProxy with Debian's default timeouts and `check` before two nginx;
one of them is killed, or stopped, and nobody starts it again.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from rich.console import Console
from rich.table import Table

import _plain_haproxy
import _stack
from portico.config.load import Config
from portico.recover import drill
from portico.recover.drill import Terms
from portico.recover.drills.table import DRILLS
from portico.recover.played import Played
from portico.recover.report import Result

TRIES = 4
COLUMNS = ("rounds", "void", "sent", "failed", "cut", "retried", "p99", "slowest", "eject", "heal")


@dataclass(frozen=True)
class Round:
    played: Played
    failed: int
    cut: int
    eject_s: float | None
    heal_s: float | None
    void: str


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("drills", nargs="*", metavar="DRILL", default=list(DRILLS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=float, default=200, help="requests a second")
    parser.add_argument("--no-peer", action="store_true", help="leave out the plain HAProxy")
    asked = parser.parse_args()
    table = Table(title=f"{asked.rate:g} requests a second; failed in all rounds, medians of the rest")
    table.add_column("what")
    for column in COLUMNS:
        table.add_column(column, justify="right")
    with _stack.running() as config:
        for name in asked.drills:
            add(table, name, asked.rounds, partial(ours, name, config, asked.rate))
    if not asked.no_peer:
        for number, done in _plain_haproxy.STRIKES.items():
            add(table, f"plain HAProxy, {done}", 1, partial(peer, number, asked.rate))
    Console(width=160).print(table)


def ours(name: str, config: Config, rate: float) -> Round:
    report = drill.run(name, config, Terms(rate=rate))
    if report.result is Result.FAILED:
        print(f"{name}: {report.why}", *report.played.faults[:5], sep="\n  ", file=sys.stderr)
    failed = sum(report.failed.values())
    return Round(report.played, failed, report.cut, report.eject_s, report.heal_s, report.played.void)


def peer(strike: str, rate: float) -> Round:
    played, eject_s = _plain_haproxy.strike(strike, rate)
    return Round(played, played.failures, 0, eject_s, None, played.void)


def add(table: Table, name: str, rounds: int, play: Callable[[], Round]) -> None:
    """Play so many rounds that count; a void one is played again, a few times at most."""
    done: list[Round] = []
    void = 0
    while len(done) < rounds and void < TRIES:
        one = play()
        if one.void:
            void += 1
            print(f"{name}: void: {one.void}", file=sys.stderr)
        else:
            done.append(one)
            print(f"{name}: {one.failed} of {one.played.sent} failed", file=sys.stderr)
    table.add_row(name, str(len(done)), str(void), *(numbers(done) if done else []))


def numbers(rounds: Sequence[Round]) -> list[str]:
    played = [one.played for one in rounds]
    return [
        f"{sum(one.sent for one in played):,}",
        f"{sum(one.failed for one in rounds):,}",
        f"{sum(one.cut for one in rounds):,}",
        f"{sum(one.retried for one in played):,}",
        f"{statistics.median(one.p99 for one in played):,.1f} ms",
        f"{max(one.slowest for one in played):,.0f} ms",
        seconds([one.eject_s for one in rounds]),
        seconds([one.heal_s for one in rounds]),
    ]


def seconds(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{statistics.median(known):.2f} s" if known else "-"


if __name__ == "__main__":
    main()
