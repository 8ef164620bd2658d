"""Runs one bench: ./portico bench NAME. It prints one table, its peers measured in the same run."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent / "bench"


def main() -> int:
    names = sorted(path.stem for path in BENCH.glob("[a-z]*.py"))
    if len(sys.argv) < 2 or sys.argv[1] not in names:
        print(f"usage: portico bench NAME, one of: {', '.join(names)}", file=sys.stderr)
        return 2
    del sys.argv[0]
    script = BENCH / f"{sys.argv[0]}.py"
    sys.path[0] = str(BENCH)
    sys.argv[0] = str(script)
    runpy.run_path(str(script), run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main())
