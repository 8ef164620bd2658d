"""A generated site on a running stack: from the saved file to both clusters, and back."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil

import _stack
from portico.config import load
from portico.config.load import Config
from portico.keeper import stack
from portico.kit import canonical, process, unixsocket
from portico.ledger.ledger import Ledger
from portico.watch import answer, probe

PARTS = {
    "seen": "edit saved -> seen outside, `portico watch`",
    "seen-worst": "  the slowest of them",
    "switched": "rollback ordered -> switched",
    "back-seen": "rollback ordered -> seen in both clusters and outside",
}
EDITS = 10
PATIENCE_S = 60.0
LOOK_EVERY_S = 0.02
"""Each look shakes hands anew; without a pause that takes the core which the publish needs."""


def measure(place: Path, page: Path) -> dict[str, dict[str, float]]:
    """Medians of some edits of `page` and of as many rollbacks, with the keeper's memory.

    What was frozen there before is taken over, so that only the copies are made anew.
    """
    with running(place) as config:
        seen = [edit(config, page, number) for number in range(EDITS)]
        with opened(config) as ledger:
            backs = [roll_back(config, ledger) for _ in range(EDITS)]
        mib = keeper_mib(config)
    found = {
        "seen": median(seen),
        "seen-worst": max(seen),
        "switched": median(switched for switched, _ in backs),
        "back-seen": median(whole for _, whole in backs),
    }
    return {part: {"seconds": seconds, "mib": mib} for part, seconds in found.items()}


@contextmanager
def running(place: Path) -> Iterator[Config]:
    settings, home = place / "portico.toml", place / "home"
    place.chmod(0o755)
    settings.write_text(f'[source]\nfolder = "{place / "site"}"\n[edge]\nhttps_port = 0\nhttp_port = 0\n')
    config = load.load(settings, home, cwd=place)
    config.home.create()
    shutil.move(place / "origin", config.home.origin)
    shutil.move(place / "freezer.db", config.home.freezer)
    shutil.copyfile(place / "key", config.home.signing_key)
    config.home.signing_key.chmod(0o600)
    try:
        _stack.portico(config, "up", "--detach")
        with watching(config):
            yield config
    finally:
        _stack.portico(config, "down")


@contextmanager
def watching(config: Config) -> Iterator[None]:
    watch = subprocess.Popen(
        _stack.command(config, "watch"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        if watch.stdout:
            watch.stdout.readline()
        yield
    finally:
        watch.terminate()
        watch.communicate()


def edit(config: Config, page: Path, number: int) -> float:
    """Seconds from saving the page to the first right answer at the public address."""
    text = page.read_text().replace("<h1>", f"<h1>{number} ", 1)
    door, wanted = stack.load(config).door, canonical.digest(text.encode())
    url = "/" + page.relative_to(config.settings.source.folder or page).as_posix()
    began = time.monotonic()
    page.write_text(text)
    until(lambda: answer.digest(probe.fetch(door, url, 5)) == wanted)
    seconds = time.monotonic() - began
    with opened(config) as ledger:
        until(lambda: not ledger.open_orders())
    return seconds


def roll_back(config: Config, ledger: Ledger) -> tuple[float, float]:
    """Seconds from the order to the flip, and to the last look from outside, as the ledger has them."""
    number = ledger.order("rollback", {}, by="bench")
    unixsocket.poke(config.home.keeper_socket)
    until(lambda: ledger.get_order(number).state == "done")
    given = ledger.get_order(number).at
    flip = next(event for event in ledger.events(kind="live") if event.data["order"] == number)
    seen = next(event for event in ledger.events(kind="released") if event.data["order"] == number)
    return flip.at - given, seen.at - given


def keeper_mib(config: Config) -> float:
    known = process.recall(config.home.record("keeper"))
    return psutil.Process(known.pid).memory_info().rss / (1 << 20) if known else 0.0


@contextmanager
def opened(config: Config) -> Iterator[Ledger]:
    ledger = Ledger.existing(config.home.ledger)
    try:
        yield ledger
    finally:
        ledger.close()


def until(condition: Callable[[], object], patience: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"not within {patience:.0f} s")
        time.sleep(LOOK_EVERY_S)
