"""All checks of this checkout: ./portico test [--all] [--no-lint] [arguments of pytest].

Every lint and every suite runs, whatever the one before it said; the last line names those that failed.
`--all` adds the proofs that take minutes, and measures which lines were covered.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINTS = {
    "ruff check": ("-m", "ruff", "check"),
    "ruff format --check": ("-m", "ruff", "format", "--check"),
    "mypy": ("-m", "mypy"),
    # its script names the folder in which the environment was made, and a checkout may be moved
    "lint-imports": ("-c", "from importlinter.cli import lint_imports_command as lint; lint()"),
}
STUDIO, DRILLS = "tests/studio", "tests/drills"
TWO = ("-n", "2", "--dist", "loadfile")
WHOLE = ("tests", f"--ignore={STUDIO}", f"--ignore={DRILLS}", *TWO)
UNDER_LOAD = (DRILLS,)
"""One test at a time: what is measured under load takes no company."""
WITH_STUDIO = (STUDIO, "--database=sqlite", *TWO)
ON_POSTGRESQL = (STUDIO, "--database=postgresql", *TWO)
"""Once more; each test says why it is skipped where PostgreSQL can't be had."""
QUICK = ("-m", "not slow")
THOROUGH = ("--hypothesis-profile=exploring", "--cov", "--cov-append", "--cov-report=term")
"""Properties look for examples that nobody tried, and uncovered lines are shown."""


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    lint, everything = "--no-lint" not in arguments, "--all" in arguments
    given = [argument for argument in arguments if argument not in {"--no-lint", "--all"}]
    failed = run_lints() if lint else []
    # a run that was asked for by arguments is of those alone
    suites = [given] if given else [WHOLE, UNDER_LOAD, WITH_STUDIO, ON_POSTGRESQL]
    extra = THOROUGH if everything and not given else QUICK if not everything else ()
    broken = [" ".join(suite) for suite in suites if not run_pytest(*suite, *extra)]
    if troubles := [*failed, *(f"pytest {suite}" for suite in broken)]:
        print(f"-- failed: {'; '.join(troubles)}", flush=True)
    return 1 if troubles else 0


def run_lints() -> list[str]:
    """Those that find something. All at once, as each of them keeps one core busy."""
    began = time.monotonic()
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    running = {name: subprocess.Popen([sys.executable, *command], **pipes) for name, command in LINTS.items()}
    for name, lint in running.items():
        found, _ = lint.communicate()
        print(f"-- {name}", flush=True)
        sys.stdout.buffer.write(found)
        sys.stdout.flush()
    print(f"-- linted in {time.monotonic() - began:.0f} s", flush=True)
    return [name for name, lint in running.items() if lint.returncode]


def run_pytest(*arguments: str) -> bool:
    print(f"-- pytest {' '.join(arguments)}", flush=True)
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
