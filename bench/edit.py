"""From an editor's Publish to what visitors see in both clusters, in a real studio on a running stack.

    bench/edit.py [--edits N] [--apart S] [--long]      --long adds a site of 10,000 pages, made for long

An edit changes the home page's headline and publishes it, as the studio does when the button is pressed. It
is seen once the public address answers with it, and each cluster does for the edge. Edits come one after the
other, then as many at any moment, S seconds apart on average: what follows earlier ones (the search index,
the look for broken links, better encodings) goes on meanwhile.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import sqlite3
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import client
from pathlib import Path

from rich.console import Console
from rich.table import Table

import _live
import _stack
from portico.config.load import Config
from portico.keeper import stack
from portico.keeper.helpers import studio
from portico.kit import unixsocket
from portico.model import Digest
from portico.release import loop
from portico.watch import answer

PAGES = 10_000
READY_S = 1800.0
QUIET_S = 10.0
SETTINGS = "[studio]\nport = 0\n[watch]\nport = 0\n"
EDITOR = """
import sys, time
from portico.studio.models import HomePage
for line in sys.stdin:
    page = HomePage.objects.filter(locale__language_code="en").first().specific
    began = time.time()
    page.headline = line.strip()
    page.save_revision().publish()
    print(began, time.time(), flush=True)
"""
WRITER = """
import sys
sys.path.insert(0, {bench!r})
import _articles
_articles.fill({pages})
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--edits", type=int, default=30)
    parser.add_argument("--apart", type=float, default=5.0)
    parser.add_argument("--long", action="store_true", help=f"a site of {PAGES:,} pages, too")
    asked = parser.parse_args()
    for pages in (0, PAGES)[: 1 + asked.long]:
        Console().print(table(measure(asked.edits, asked.apart, pages)))


def measure(edits: int, apart: float, pages: int) -> dict[str, dict[str, list[float]]]:
    with _stack.prepared(site=True, source='kind = "studio"\n', toml=SETTINGS) as config:
        try:
            _stack.portico(config, "up", "--detach")
            before = _quiet(config, after=-1)
            if pages:
                _run(config, WRITER.format(bench=str(Path(__file__).parent), pages=pages))
                _quiet(config, after=before)
                _live.until(lambda: _has_followed(config), READY_S)
            site = f"{pages:,} pages" if pages else "the starter"
            with _editor(config) as editor:
                rows = {
                    f"{site}, one after the other": [_edit(config, editor, one) for one in range(edits)],
                    f"{site}, at any moment": list(_edits_apart(config, editor, edits, apart)),
                }
            return {name: _columns(told) for name, told in rows.items()}
        finally:
            _stack.portico(config, "down")


def _edit(config: Config, editor: subprocess.Popen[str], number: int) -> dict[str, float]:
    """The seconds of one edit, by part."""
    headline = f"Edit {number} of {time.time_ns()}"
    editor.stdin.write(f"{headline}\n")
    editor.stdin.flush()
    with _visitor(config) as look:
        while headline not in look():
            time.sleep(0.005)
        outside = time.time()
    live = _live_snapshot(config)
    for cluster in config.settings.clusters.names:
        _live.until(lambda cluster=cluster: headline in _inside(config, cluster, live))
    everywhere = time.time()
    pressed, committed = map(float, editor.stdout.readline().split())
    _live.until(lambda: _told(config)["state"] == "live")
    told = _told(config)
    steps = {step["name"]: step["seconds"] for step in told["steps"]}
    return {
        "pressed -> saved": committed - pressed,
        "committed -> frozen": steps["frozen"],
        "checked": steps["checked"],
        "in both clusters and the mirror": sum(
            took for name, took in steps.items() if name.startswith("in ")
        ),
        "committed -> live, as the editor is told": told["seconds"],
        "saved -> seen outside": outside - committed,
        "pressed -> seen in both clusters": everywhere - pressed,
    }


def _edits_apart(
    config: Config, editor: subprocess.Popen[str], edits: int, apart: float
) -> Iterator[dict[str, float]]:
    dice = random.Random(1)
    for number in range(edits):
        time.sleep(dice.expovariate(1 / apart))
        yield _edit(config, editor, number)


def _has_followed(config: Config) -> bool:
    """Whether the search index of the pages is live."""
    file = config.home.studio / "frozen" / "frozen.db"
    with contextlib.closing(sqlite3.connect(file)) as frozen:
        told = dict(frozen.execute("select key, value from meta"))
    with _live.opened(config) as ledger:
        seen = ledger.seen(loop.SEEN)
    is_live = seen is not None and str(seen[0].get("revision")) == told["revision"]
    return is_live and int(told["revision"]) > int(told["content"])


@contextmanager
def _editor(config: Config) -> Iterator[subprocess.Popen[str]]:
    """Somebody in the studio who publishes each line that is written to them."""
    asked, here = config.settings.studio, stack.load(config)
    told = studio.environment(here, studio.port_of(config.home, asked))
    command = studio.command("shell", "--no-imports", "-c", EDITOR)
    with subprocess.Popen(
        command, env=told, cwd=config.home.root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as editor:
        try:
            yield editor
        finally:
            editor.kill()


def _run(config: Config, code: str) -> None:
    if studio.run(stack.load(config), "shell", "--no-imports", "-c", code).returncode:
        raise SystemExit("the pages could not be made")


@contextmanager
def _visitor(config: Config):
    """One who stays connected, so that looking takes next to nothing."""
    connection = stack.load(config).door.connection(5)

    def look() -> str:
        connection.request("GET", "/", headers={"accept-encoding": answer.ACCEPTED})
        got = connection.getresponse()
        body = got.read()
        return answer.raw(body, got.getheader("content-encoding") or "").decode()

    try:
        yield look
    finally:
        connection.close()


def _inside(config: Config, cluster: str, snapshot: Digest) -> str:
    headers = {
        "x-portico-cluster": cluster,
        "x-portico-snapshot": snapshot,
        "accept-encoding": answer.ACCEPTED,
    }
    try:
        connection = unixsocket.HTTPConnection(config.home.inside_socket, 5)
        connection.request("GET", "/", headers=headers)
        got = connection.getresponse()
        return answer.raw(got.read(), got.getheader("content-encoding") or "").decode()
    except (OSError, client.HTTPException):
        return ""
    finally:
        connection.close()


def _live_snapshot(config: Config) -> Digest:
    with _live.opened(config) as ledger:
        return ledger.wanted()["snapshot"]


def _quiet(config: Config, *, after: int) -> int:
    """The live revision, once it is above `after` and stays: the search index follows behind."""
    deadline = time.monotonic() + READY_S
    since = time.monotonic()
    before = {}
    while time.monotonic() - since < QUIET_S:
        told = _told(config)
        if told != before or not told or told["state"] != "live" or told["revision"] <= after:
            before, since = told, time.monotonic()
        if time.monotonic() > deadline:
            raise SystemExit("the studio publishes and publishes")
        time.sleep(0.2)
    return before["revision"]


def _told(config: Config) -> dict:
    try:
        return json.loads(config.home.published.read_bytes())
    except OSError:
        return {}


def _columns(rows: Sequence[dict[str, float]]) -> dict[str, list[float]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def table(found: dict[str, dict[str, list[float]]]) -> Table:
    shown = Table(title="an edit's way to visitors, seconds")
    for column in ("", "site", "median", "p95", "slowest"):
        shown.add_column(column, justify="left" if column in {"", "site"} else "right")
    for site, parts in found.items():
        for name, seconds in parts.items():
            p95 = statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
            row = (statistics.median(seconds), p95, max(seconds))
            shown.add_row(name, site, *(f"{value:.3f}" for value in row))
    return shown


if __name__ == "__main__":
    main()
