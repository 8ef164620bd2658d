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

from portico.watch.journey.plan import Plan

NOT_INSTALLED = "Playwright isn't installed (pip install playwright)"


def main() -> int:
    _give_way()
    signal.alarm(int(sys.argv[1]))
    plan = Plan(**json.load(sys.stdin))
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


def _give_way() -> None:
    os.nice(19)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _tell(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
