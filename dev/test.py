"""All checks of this checkout: ./portico test [--all] [--no-lint] [arguments of pytest].

Every lint runs, whatever the one before it said; pytest comes last, so that its closing line is the last one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINTS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy",),
    ("importlinter", "lint", "--no-timing"),
)
WHOLE = ("-n", "2", "--cov", "--cov-report=term")
"""For a run of everything: half of the time is waiting for real processes, so two at a time."""
QUICK = ("-m", "not slow")


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    lint, everything = "--no-lint" not in arguments, "--all" in arguments
    given = [argument for argument in arguments if argument not in {"--no-lint", "--all"}]
    failed = [" ".join(check) for check in LINTS if not run(*check)] if lint else []
    if failed:
        print(f"failed, and the tests go on: {', '.join(failed)}", flush=True)
    passed = run("pytest", *([] if everything else QUICK), *(given or WHOLE))
    return 0 if passed and not failed else 1


def run(*command: str) -> bool:
    print(f"-- {' '.join(command)}", flush=True)
    return subprocess.run([sys.executable, "-m", *command], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
