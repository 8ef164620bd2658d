"""What watching costs, and how soon somebody knows.

    bench/watch.py [reach] [cost] [store] [detectors]

reach: an outage that the keeper can't heal (the edge is stopped again whenever it is started), from its first
moment to the finding and to the message at a local SMTP and webhook server; once more with a cluster dead,
and with the keeper killed in between. cost: the watcher's CPU and memory, with the default stack's series and
with about 500. store: 400 days of 500 series, its size and charts. detectors: points a second and state.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import psutil
from rich.console import Console
from rich.table import Table

import _detectors
import _outage
import _receivers
import _series
import _stack
from portico.config.load import Config
from portico.kit import process
from portico.ledger.ledger import Ledger
from portico.watch.series import read

T = TypeVar("T")
PATIENCE_S = 60.0
CALM_S = 12.0
COST_S = 60.0
REPLICAS_FOR_500 = 6


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts: dict[str, Callable[[], Table]] = {
        "reach": lambda: reach(asked.rounds),
        "cost": cost,
        "store": _series.table,
        "detectors": _detectors.table,
    }
    parser.add_argument("parts", nargs="*", metavar="PART", default=list(parts))
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    console = Console(width=160)
    for part in asked.parts:
        console.print(parts[part]())


@dataclass(frozen=True)
class Reach:
    """Seconds since the outage began."""

    found: float
    mailed: float
    hooked: float


def reach(rounds: int) -> Table:
    table = Table(title="an outage begins; seconds until ..., median (slowest)")
    for column in ("what", "rounds", "finding", "mail", "webhook"):
        table.add_column(column, justify="left" if column == "what" else "right")
    cases = {
        "edge stopped": dict[str, bool](),
        "edge stopped, cluster a dead": {"cluster": True},
        "edge stopped, keeper killed after 2 s": {"keeper": True},
    }
    for told, how in cases.items():
        done = [one_reach(**how) for _ in range(rounds)]
        columns = [[getattr(one, name) for one in done] for name in ("found", "mailed", "hooked")]
        table.add_row(told, str(len(done)), *(f"{statistics.median(c):.1f} ({max(c):.1f})" for c in columns))
    return table


def one_reach(*, cluster: bool = False, keeper: bool = False) -> Reach:
    with _receivers.listening() as received, _stack.running(received.toml) as config:
        wait_for_the_watcher(config)
        ledger = Ledger.existing(config.home.ledger)
        stopped = ["edge", *(["a1", "a2"] if cluster else [])]
        after, began = ledger.events(last=1)[0].seq, time.time()
        with _outage.frozen(config.home, stopped):
            if keeper:
                time.sleep(2)
                process.kill(process.recall(config.home.record("keeper")), signal.SIGKILL)
            found = until(lambda: critical(ledger, after))
            mailed, hooked = until(lambda: received.mails[:1]), until(lambda: received.hooks[:1])
        ledger.close()
        return Reach(found[0] - began, mailed[0] - began, hooked[0] - began)


def critical(ledger: Ledger, after: int) -> list[float]:
    """When the first finding was opened that the watcher made of what visitors see."""
    opened = ledger.events(after=after, kind="finding.open")
    return [event.at for event in opened if event.subject.startswith("site-unreachable")]


def wait_for_the_watcher(config: Config) -> None:
    """Until it has looked for a while: its first seconds are not what is measured."""
    ledger = Ledger.existing(config.home.ledger)
    until(lambda: ledger.seen("watch"))
    time.sleep(CALM_S)
    ledger.close()


def cost() -> Table:
    table = Table(title=f"the watcher over {COST_S:.0f} s, an idle stack, collecting every 5 s")
    for column in ("stack", "series", "CPU of one core", "RSS", "PSS"):
        table.add_column(column, justify="left" if column == "stack" else "right")
    for told, replicas in (("default", 2), (f"{REPLICAS_FOR_500} replicas a cluster", REPLICAS_FOR_500)):
        table.add_row(told, *one_cost(replicas))
    return table


def one_cost(replicas: int) -> list[str]:
    with _stack.running(f"[clusters]\nreplicas = {replicas}\n") as config:
        wait_for_the_watcher(config)
        watcher = psutil.Process(process.recall(config.home.record("watcher")).pid)
        before = watcher.cpu_times()
        time.sleep(COST_S)
        after = watcher.cpu_times()
        memory = watcher.memory_full_info()
        series = len(read.Reader(config.home.series).names())
    used = (after.user + after.system - before.user - before.system) / COST_S
    return [str(series), f"{used:.1%}", f"{memory.rss / 2**20:.0f} MiB", f"{memory.pss / 2**20:.0f} MiB"]


def until(look: Callable[[], T]) -> T:
    deadline = time.monotonic() + PATIENCE_S
    while not (found := look()):
        if time.monotonic() > deadline:
            raise SystemExit("what is measured didn't come within a minute")
        time.sleep(0.02)
    return found


if __name__ == "__main__":
    main()
