"""What measures pages in a browser, from npm: installed for tests and benches where there is node."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import packages

ROOT = Path(__file__).resolve().parent.parent
LISTED = ROOT / "tests" / "browser"
FOLDER = ROOT / ".venv" / "node"
LOCK = "package-lock.json"
CLEANLY = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
"""From the lock alone; no package's own scripts are run."""


def install() -> None:
    """Whole or not at all: the lock stands in the folder only when everything that it names does."""
    npm, listed, installed = shutil.which("npm"), LISTED / LOCK, FOLDER / "node_modules" / LOCK
    if npm is None or (installed.exists() and installed.read_bytes() == listed.read_bytes()):
        return
    packages.say("installing what measures pages, pinned by hash in tests/browser/package-lock.json")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", LOCK):
        shutil.copyfile(LISTED / name, FOLDER / name)
    done = subprocess.run(
        [npm, *CLEANLY],
        cwd=FOLDER,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.stderr.write(done.stdout[-2000:])
        packages.say("that can't be installed here: see above; what needs it is skipped")
        return
    shutil.copyfile(listed, installed)
