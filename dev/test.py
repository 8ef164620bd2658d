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
WHOLE = ("--cov", "--cov-report=term")
"""For a run of everything, one test at a time: drills under load take no company. Else `-n 2` is quicker."""
POSTGRESQL = ("tests/studio", "--database=postgresql", "-n", "2", "-m", "not slow")
"""The studio's suite once more; each test says why it is skipped where PostgreSQL can't be had."""
QUICK = ("-m", "not slow")


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    lint, everything = "--no-lint" not in arguments, "--all" in arguments
    given = [argument for argument in arguments if argument not in {"--no-lint", "--all"}]
    failed = [name for name, command in LINTS.items() if not run(name, *command)] if lint else []
    if failed:
        print(f"failed, and the tests go on: {', '.join(failed)}", flush=True)
    asked = [*([] if everything else QUICK), *(given or WHOLE)]
    passed = run(f"pytest {' '.join(asked)}", "-m", "pytest", *asked)
    # a run that was asked for by arguments is of those alone
    both = bool(given) or run(f"pytest {' '.join(POSTGRESQL)}", "-m", "pytest", *POSTGRESQL)
    return 0 if passed and both and not failed else 1


def run(name: str, *command: str) -> bool:
    print(f"-- {name}", flush=True)
    return subprocess.run([sys.executable, *command], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
