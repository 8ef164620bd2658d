"""How long `portico up` takes to the first right answer, and what the stack takes of memory.

    bench/startup.py [--rounds N]

Everything is installed. A page, a site of a thousand pages and the studio with its finished homepage start
in an empty home, where the site is frozen first; the site of pages starts once more in the home of before.
Memory is of the studio's stack, which is what `portico up` without settings starts, and told by process: RSS
counts pages that processes share in each of them, PSS shares them out.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from http import client

import psutil
from rich.console import Console
from rich.table import Table

import _live
import _stack
from portico.config.load import Config
from portico.edge import tls
from portico.kit import process, unixsocket
from portico.recover import load, scene
from portico.recover.plan import Plan
from portico.watch import probe
from portico.watch.door import Door

RATE = 200
LOADED_S = 6
MIB = 1 << 20
FAMILIES = ("edge", "studio")
"""Of several processes each, whose children leave no record."""
Memory = dict[str, tuple[float, float]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    measured: dict[str, list[float]] = {"a page": [], "site": [], "site, again": [], "studio": []}
    for _ in range(asked.rounds):
        with _stack.prepared(site=False) as config, ending(config):
            measured["a page"].append(first_answer(config))
        with _stack.prepared() as config, ending(config):
            measured["site"].append(first_answer(config))
            _stack.portico(config, "down")
            measured["site, again"].append(first_answer(config))
        with _stack.prepared(source='kind = "studio"\n') as config, ending(config):
            measured["studio"].append(first_answer(config))
            studio_answers(config)
            rest = memory(config)
            ask(config)
            loaded = memory(config)
    console = Console()
    console.print(times(measured))
    console.print(sizes(rest, loaded))


@contextlib.contextmanager
def ending(config: Config) -> Iterator[None]:
    try:
        yield
    finally:
        _stack.portico(config, "down")


def first_answer(config: Config) -> float:
    """Seconds from the command to the home page, right, with status 200."""
    began = time.monotonic()
    with subprocess.Popen(_stack.command(config, "up", "--detach"), stdout=subprocess.DEVNULL) as up:
        while not answered(config):
            if up.poll():
                raise SystemExit("portico up failed")
            time.sleep(0.05)
        return time.monotonic() - began


def studio_answers(config: Config) -> None:
    """The studio is up some seconds after the site."""

    def asked() -> bool:
        try:
            return unixsocket.get(config.home.studio_socket, "/live", timeout=5)[0] == 200
        except OSError:
            return False

    _live.until(asked)


def answered(config: Config) -> bool:
    """Whether a visitor gets the home page now; the door tells 503 before anything is live."""
    try:
        port = json.loads(config.home.ports.read_bytes())["https"]
        address = f"https://localhost:{port}/"
        door = Door(address, tls.site_pem(config.home), ("127.0.0.1", port))
        return probe.fetch(door, "/", 2).status == 200
    except (OSError, ValueError, client.HTTPException):
        return False


def ask(config: Config) -> None:
    """Some seconds of visitors, so that everything that is held in memory is held."""
    found = scene.of(config)
    plan = Plan(
        found.door.address,
        scene.targets(found, found.pages, through=True),
        rate=RATE,
        seconds=LOADED_S,
        trusted=str(found.door.trusted),
        at=found.door.at,
    )
    found.close()
    with load.laid(plan) as playing:
        playing.wait_steady(LOADED_S - 1, 30)
        playing.stop()


def memory(config: Config) -> Memory:
    """MiB of RSS and PSS, by part."""
    return {name: (sum_of(found, "rss"), sum_of(found, "pss")) for name, found in processes(config)}


def processes(config: Config) -> Iterator[tuple[str, list[psutil.Process]]]:
    for record in sorted(config.home.run.glob("*.json")):
        known = process.recall(record)
        if known and known.alive:
            one = psutil.Process(known.pid)
            yield record.stem, [one, *(one.children(recursive=True) if record.stem in FAMILIES else [])]


def sum_of(found: Sequence[psutil.Process], what: str) -> float:
    return sum(getattr(one.memory_full_info(), what) for one in found) / MIB


def times(measured: dict[str, list[float]]) -> Table:
    table = Table(title="portico up, to the first 200")
    for column in ("start", "rounds", "median", "slowest"):
        table.add_column(column, justify="right")
    for name, seconds in measured.items():
        middle, most = statistics.median(seconds), max(seconds)
        table.add_row(name, str(len(seconds)), f"{middle:.2f} s", f"{most:.2f} s")
    return table


def sizes(rest: Memory, loaded: Memory) -> Table:
    table = Table(title=f"memory, MiB; loaded: after {LOADED_S} s of {RATE} requests a second")
    for column in ("part", "RSS at rest", "PSS at rest", "RSS loaded", "PSS loaded"):
        table.add_column(column, justify="right")
    for part in loaded:
        table.add_row(part, *(f"{size:.1f}" for size in (*rest.get(part, (0, 0)), *loaded[part])))
    totals = [sum(sizes[kind] for sizes in found.values()) for found in (rest, loaded) for kind in (0, 1)]
    table.add_section()
    table.add_row("all", *(f"{size:.1f}" for size in totals))
    return table


if __name__ == "__main__":
    main()
