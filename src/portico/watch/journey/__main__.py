"""One journey in a process of its own: `python -m portico.watch.journey TIMEOUT`, the plan on standard input.

It yields to everything else on the machine, and is the first to go where memory is short. It tells lines of
JSON: a step's name as it begins, the step as it is over.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from portico.watch.journey.plan import Plan

NOT_INSTALLED = "Playwright isn't installed (pip install playwright)"
ROOM = 1 << 30
"""Bytes of memory that must be available: Chromium and its driver take some 600 MB of it."""


def main() -> int:
    _give_way()
    signal.alarm(int(sys.argv[1]))
    plan = Plan(**json.load(sys.stdin))
    if reason := too_small(psutil.virtual_memory().available):
        _tell({"skipped": reason})
        return 0
    try:
        from portico.watch.journey import walk  # noqa: PLC0415 - Playwright needn't be there
    except ImportError:
        _tell({"skipped": NOT_INSTALLED})
        return 0
    try:
        for told in walk.walk(plan):
            _tell({"begin": told} if isinstance(told, str) else {"step": asdict(told)})
    except walk.NoBrowserError as reason:
        _tell({"skipped": str(reason)})
    return 0


def too_small(available: int) -> str | None:
    """Why a browser would take memory that serving may want."""
    if available >= ROOM:
        return None
    return f"{available >> 20} MiB of memory are available, and {ROOM >> 20} are wanted for a browser"


def _give_way() -> None:
    os.nice(19)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _tell(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
