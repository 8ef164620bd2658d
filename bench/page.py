"""What Lighthouse says of every page type of the starter, on the live stack.

    bench/page.py [--only NAME ...] [--language en|de] [--runs N] [--go-on]

The stack is started as anybody would, and asked through its edge by https. Of N runs the one with the middle
speed is told, as Lighthouse itself recommends. A score is of 100; LCP is when the
largest thing is seen, TBT how long scripts held the page up, CLS how far things moved, bytes what came over
the wire. The phone is Lighthouse's: a slow one on a slow line. Both languages take more than an
hour: what was measured is kept as it comes, and after an interruption `--go-on` measures the rest.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import _stack

ROOT = Path(__file__).resolve().parent.parent
LIGHTHOUSE = ROOT / ".venv" / "node" / "node_modules" / "lighthouse" / "cli" / "index.js"
PAGES = ROOT / "tests" / "browser" / "page_types.json"
CHROME = "--headless=new --no-sandbox --disable-dev-shm-usage --ignore-certificate-errors"
KEPT = ROOT / ".venv" / "bench-page.jsonl"
"""A line for each page and size that was measured, until a run without `--go-on` begins anew."""

SIZES = {"phone": (), "desktop": ("--preset=desktop",)}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
NOT_AN_ERROR = "not found"
"""Its page type answers 404, which Lighthouse takes for a broken page: axe and the validator look at it."""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--language", choices=("en", "de"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--at", help="a running site's address, instead of a stack of its own")
    parser.add_argument("--go-on", action="store_true", help="measure what the last run didn't come to")
    asked = parser.parse_args()
    lacking = [name for name in ("node", "chromium") if shutil.which(name) is None]
    if lacking or not LIGHTHOUSE.exists():
        print(f"not measured: {', '.join(lacking) or 'lighthouse'} is missing", file=sys.stderr)
        return 1
    pages = [path for _, path in chosen(asked)]
    known = kept(KEPT, asked.runs) if asked.go_on else {}
    KEPT.write_text("".join(line(row) for row in known.values()))
    lacks = [(path, size) for path in pages for size in SIZES if (path, size) not in known]
    with site(asked.at, needed=bool(lacks)) as address:
        for row in measure(address, lacks, asked.runs):
            with KEPT.open("a") as file:
                file.write(line(row))
            known[row["path"], row["size"]] = row
    return show([known[path, size] for path in pages for size in SIZES])


def kept(file: Path, runs: int) -> dict[tuple[str, str], dict[str, Any]]:
    """What was measured with as many runs, by path and size; a line that broke off counts as nothing."""
    found = {}
    for text in file.read_text().splitlines() if file.exists() else []:
        with contextlib.suppress(ValueError):
            row = json.loads(text)
            if row["runs"] == runs:
                found[row["path"], row["size"]] = row
    return found


def line(row: dict[str, Any]) -> str:
    return json.dumps(row) + "\n"


@contextlib.contextmanager
def site(at: str | None, *, needed: bool) -> Iterator[str]:
    """The address of the site that runs, or of a stack of its own where anything is still to be measured."""
    if at or not needed:
        yield (at or "").rstrip("/")
        return
    with starter() as address:
        yield address


@contextlib.contextmanager
def starter() -> Iterator[str]:
    """A stack with the studio's finished site in it, as `portico up` starts it without any settings."""
    with _stack.prepared(source='kind = "studio"\n') as config:
        try:
            _stack.portico(config, "up", "--detach")
            port = json.loads(config.home.ports.read_bytes())["https"]
            yield f"https://localhost:{port}"
        finally:
            _stack.portico(config, "down")


def chosen(asked: argparse.Namespace) -> Iterator[tuple[str, str]]:
    for name, (english, german) in json.loads(PAGES.read_text()).items():
        if name != NOT_AN_ERROR and name in (asked.only or [name]):
            yield from ((name, english),) if asked.language != "de" else ()
            yield from ((name, german),) if asked.language != "en" else ()


def measure(address: str, lacks: list[tuple[str, str]], runs: int) -> Iterator[dict[str, Any]]:
    for path, size in lacks:
        report = typical([measured(address + path, SIZES[size]) for _ in range(runs)])
        scores = [round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES]
        print(path, size, scores, *complaints(report), file=sys.stderr, sep=" ", flush=True)
        yield {"path": path, "size": size, "runs": runs, "scores": scores, "figures": figures(report)}


def show(rows: list[dict[str, Any]]) -> int:
    table = Table("page", "size", "speed", "access", "practice", "SEO", "LCP ms", "TBT ms", "CLS", "kB")
    for row in rows:
        table.add_row(row["path"], row["size"], *map(str, row["scores"]), *row["figures"])
    Console(width=120).print(table)
    best = sum(min(row["scores"]) == 100 for row in rows)
    print(f"{best} of {len(rows)} have 100 in all four")
    return 0


def typical(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """The one with the middle speed."""
    middle = statistics.median_low(speed(report) for report in reports)
    return next(report for report in reports if speed(report) == middle)


def speed(report: dict[str, Any]) -> float:
    return report["categories"]["performance"]["score"] or 0.0


def measured(url: str, flags: tuple[str, ...]) -> dict[str, Any]:
    command = ["node", str(LIGHTHOUSE), url, "--output=json", "--quiet", f"--chrome-flags={CHROME}", *flags]
    told = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=told)
    if done.returncode:
        raise SystemExit(f"lighthouse failed for {url}: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout)


def figures(report: dict[str, Any]) -> list[str]:
    audits = report["audits"]
    found = [
        audits[name]["numericValue"]
        for name in ("largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
    ]
    size = audits["total-byte-weight"]["numericValue"] / 1000
    return [f"{found[0]:.0f}", f"{found[1]:.0f}", f"{found[2]:.3f}", f"{size:.0f}"]


def complaints(report: dict[str, Any]) -> list[str]:
    """Audits that cost points."""
    weighed = {
        ref["id"] for name in CATEGORIES for ref in report["categories"][name]["auditRefs"] if ref["weight"]
    }
    return sorted(name for name in weighed if (report["audits"][name]["score"] or 1) < 0.9)


if __name__ == "__main__":
    sys.exit(main())
