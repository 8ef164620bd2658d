"""All checks of this checkout: ./portico test [--all] [--no-lint] [arguments of pytest].

Every lint runs, whatever the one before it said; pytest comes last, so that its closing line is the last one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINTS = {
    "ruff check": ("-m", "ruff", "check"),
    "ruff format --check": ("-m", "ruff", "format", "--check"),
    "mypy": ("-m", "mypy"),
    # its script names the folder in which the environment was made, and a checkout may be moved
    "lint-imports": ("-c", "from importlinter.cli import lint_imports_command as lint; lint()"),
}
STUDIO = "tests/studio"
WHOLE = ("--cov", "--cov-report=term", f"--ignore={STUDIO}")
"""One test at a time: drills under load take no company. Else `-n 2` is quicker."""
WITH_STUDIO = (STUDIO, "--database=sqlite", "-n", "2", "--cov", "--cov-append", "--cov-report=term")
ON_POSTGRESQL = (STUDIO, "--database=postgresql", "-n", "2")
"""Once more; each test says why it is skipped where PostgreSQL can't be had."""
QUICK = ("-m", "not slow")


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    lint, everything = "--no-lint" not in arguments, "--all" in arguments
    given = [argument for argument in arguments if argument not in {"--no-lint", "--all"}]
    failed = [name for name, command in LINTS.items() if not run(name, *command)] if lint else []
    if failed:
        print(f"failed, and the tests go on: {', '.join(failed)}", flush=True)
    # a run that was asked for by arguments is of those alone
    suites = [given] if given else [WHOLE, WITH_STUDIO, ON_POSTGRESQL]
    asked = [[*([] if everything else QUICK), *suite] for suite in suites]
    broken = [suite for suite in asked if not run(f"pytest {' '.join(suite)}", "-m", "pytest", *suite)]
    return 1 if failed or broken else 0


def run(name: str, *command: str) -> bool:
    print(f"-- {name}", flush=True)
    return subprocess.run([sys.executable, *command], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
