"""What publishing costs, and how that grows with the site: time and peak memory of each part.

    bench/publish.py [--all] [PAGES ...]        sizes of generated sites; 1,000 and 10,000, --all adds 100,000

Each part runs in a process of its own, so that its peak memory is its own too.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

import _live
from portico.snapshot import diff, folder, freeze
from portico.store import copy, read, signing
from portico.store.layout import Store

SIZES = [1_000, 10_000]
LARGE = 100_000
PER_FOLDER = 500
LINKS = 8
PARTS = {
    "full": "full freeze",
    "again": "nothing changed",
    "copy": "copy, all of it",
    "edit": "freeze, one page changed",
    "copy-edit": "copy of that change",
    "diff": "diff",
    "back": "freeze, changed back",
}
TEXT = """
portico column edge cluster mirror stone water light door house street market letter paper garden
river bridge winter summer morning evening people company product service question answer number
measure window signal journey story craft detail promise reason method result figure table chapter
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", nargs="*", type=int, metavar="PAGES")
    parser.add_argument("--all", action="store_true", help=f"add {LARGE:,} pages")
    parser.add_argument("--part", nargs=2, metavar=("PART", "FOLDER"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part:
        measure(*asked.part)
        return
    sizes = asked.pages or SIZES
    results = {size: run(size) for size in ([*sizes, LARGE] if asked.all else sizes)}
    Console().print(table(results))


def run(pages: int) -> dict[str, dict[str, float]]:
    """Every part on a site of so many pages, in order."""
    place = Path(tempfile.mkdtemp(prefix="portico-bench-"))
    try:
        generate(place / "site", pages)
        signing.create_keys(place / "key", place / "key.pub")
        frozen = {part: in_process(part, place) for part in PARTS}
        return {**frozen, **_live.measure(place, place / "site" / name_of(1))}
    finally:
        shutil.rmtree(place)


def generate(site: Path, pages: int) -> None:
    """Pages of some 6 kB of text with links between them, the same each time; old enough to be remembered."""
    dice = random.Random(1)
    for number in range(pages):
        page = site / name_of(number)
        if number % PER_FOLDER == 0:
            page.parent.mkdir(parents=True)
        page.write_text(page_of(number, pages, dice))
    (site / "index.html").write_text(page_of(0, pages, dice))
    (site / "style.css").write_text("body { font: 1rem/1.5 sans-serif }\n" * 40)
    time.sleep(0.2)


def name_of(number: int) -> str:
    return f"{number // PER_FOLDER}/{number}.html"


def page_of(number: int, pages: int, dice: random.Random) -> str:
    words = TEXT.split()
    links = "".join(
        f'<li><a href="/{name_of(other)}">{other}</a></li>'
        for other in (dice.randrange(pages) for _ in range(LINKS))
    )
    paragraphs = "".join(f"<p>{' '.join(dice.choices(words, k=90))}.</p>" for _ in range(10))
    return (
        f"<!doctype html><html lang=en><title>Page {number}</title><link rel=stylesheet href=/style.css>"
        f"<h1>Page {number}</h1>{paragraphs}<ul>{links}</ul></html>\n"
    )


def in_process(part: str, place: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--part", part, str(place)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return dict(json.loads(answer.stdout))


def measure(part: str, folder_name: str) -> None:
    """Do one part here, and print its seconds, peak memory and a note as JSON."""
    bench = Bench(Path(folder_name))
    prepare, work = bench.parts[part]
    prepare()
    idle = peak_mib()
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "mib": peak_mib(), "idle_mib": idle}))


def peak_mib() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / (1 << 20)


class Bench:
    """The parts, on one folder; what a later part needs is kept in files there."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.origin = Store(place / "origin")
        self.cluster = Store(place / "cluster")
        self.key = signing.load_private(place / "key")
        self.parts: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
            "full": (nothing, self.freeze),
            "again": (nothing, self.freeze),
            "copy": (self.cluster.create, lambda: self.copy(None)),
            "edit": (lambda: self.edit("changed"), self.freeze),
            "copy-edit": (nothing, lambda: self.copy(self.snapshots()[-1])),
            "diff": (nothing, self.diff),
            "back": (lambda: self.edit(None), self.freeze),
        }

    def freeze(self) -> None:
        source = folder.Folder(self.place / "site")
        freeze.freeze(source, self.origin, self.place / "freezer.db", self.key)

    def snapshots(self) -> list[str]:
        return self.origin.list_snapshots()

    def copy(self, base: str | None) -> None:
        copy.snapshot(self.origin, self.cluster, self.snapshots()[0], self.key.public_key(), base=base)

    def edit(self, word: str | None) -> None:
        """Change the first page, or with None change it back."""
        page, kept = self.place / "site" / name_of(0), self.place / "kept.html"
        if word is None:
            page.write_bytes(kept.read_bytes())
        else:
            shutil.copyfile(page, kept)
            page.write_text(page.read_text().replace("<h1>", f"<h1>{word} "))
        time.sleep(0.2)

    def diff(self) -> None:
        after, before = self.snapshots()
        found = diff.diff(read.Reader(self.origin, self.key.public_key()), before, after)
        if len(found.changed) != 1:
            raise SystemExit(f"expected one changed page, got {found}")


def nothing() -> None:
    pass


def table(results: dict[int, dict[str, dict[str, float]]]) -> Table:
    """A row for each part; the last column compares the largest site with the smallest."""
    sizes = sorted(results)
    title = f"Publishing, {os.cpu_count()} cores"
    drawn = Table("part", *(f"{size:,} pages" for size in sizes), title=title)
    for column in drawn.columns[1:]:
        column.justify = "right"
    growing = len(sizes) > 1
    if growing:
        drawn.add_column(f"growth at x{sizes[-1] / sizes[0]:g}", justify="right")
    for part, name in {**PARTS, **_live.PARTS}.items():
        cells = [results[size][part] for size in sizes]
        growth = [f"x{cells[-1]['seconds'] / cells[0]['seconds']:.1f}"] if growing else []
        drawn.add_row(name, *(f"{cell['seconds']:.3f} s  {cell['mib']:.0f} MiB" for cell in cells), *growth)
    return drawn


if __name__ == "__main__":
    main()
