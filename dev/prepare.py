"""Makes a checkout ready: its .venv from the lock files, HAProxy, what tests and benches need.

Called by ./portico, on the system's Python, before anything is installed: the standard library only.
`.venv/NAME.lock` is the copy of the lock file that was installed whole; ./portico compares the two.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import browser
import packages
from packages import PrepareError

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / "unfinished"
STUDIO = ROOT / "src" / "portico" / "studio"
STARTER = VENV / "starter"
STARTER_MADE = VENV / "starter.made"
OLDEST_HAPROXY = (2, 6)


def main(needs: list[str]) -> int:
    """Prepare `needs` in order: run, test, bench, haproxy, starter."""
    others = {"haproxy": haproxy, "starter": starter}
    try:
        with alone():
            for need in needs:
                others[need]() if need in others else dependencies(need)
    except (PrepareError, OSError) as error:
        packages.say(str(error))
        return 5
    except KeyboardInterrupt:
        return 130
    return 0


@contextmanager
def alone() -> Iterator[None]:
    """Wait for whoever prepares this checkout now; the kernel lets go of the lock when its holder dies."""
    lock = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        packages.say("waiting for another run that prepares this checkout")
        fcntl.flock(lock, fcntl.LOCK_EX)
    os.set_inheritable(lock, True)  # noqa: FBT003 - positional only; a pip that outlives us keeps others waiting
    try:
        yield
    finally:
        os.close(lock)


def dependencies(name: str) -> None:
    """Install requirements/NAME.lock, and the system's packages that go with it."""
    lock, installed = ROOT / "requirements" / f"{name}.lock", VENV / f"{name}.lock"
    if not PYTHON.exists() or UNFINISHED.exists():
        create()
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        install(lock)
        shutil.copyfile(lock, installed)
    packages.add(packages.WANTED[name])
    if name in {"test", "bench"}:
        browser.install()


def create() -> None:
    """Make .venv anew. `unfinished` stands in it until everything is there."""
    if importlib.util.find_spec("ensurepip") is None:
        packages.add([packages.VENV])
    packages.say(f"making .venv with Python {sys.version_info.major}.{sys.version_info.minor}")
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    UNFINISHED.touch()
    real = os.path.realpath(sys.executable)
    run([real, "-m", "venv", str(VENV)], failing="the virtual environment can't be made")
    folder = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    (VENV / folder / "portico.pth").write_text("../../../../src\n")


def install(lock: Path) -> None:
    packages.say(f"installing the dependencies, pinned by hash in requirements/{lock.name}")
    UNFINISHED.touch()
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]
    options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--progress-bar", "off"]
    run([*pip, "install", *options, "-r", str(lock)], failing="the dependencies can't be installed")
    UNFINISHED.unlink()


def run(command: list[str], *, failing: str) -> None:
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        close_fds=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout[-2000:])
        raise PrepareError(f"{failing}: see above (a network and room on the disk are needed)")


def haproxy() -> None:
    """HAProxy, new enough; `.venv/haproxy` names it, so that ./portico sees at a glance that it is there."""
    packages.add([packages.HAPROXY])
    program = shutil.which("haproxy")
    if program is None:
        raise PrepareError(
            "HAProxy is not installed, and could not be: install version 2.6 or newer, then try again"
        )
    told = subprocess.run([program, "-v"], check=False, capture_output=True, text=True).stdout
    version = re.search(r"version (\d+)\.(\d+)", told)
    if version is None or tuple(map(int, version.groups())) < OLDEST_HAPROXY:
        found = ".".join(version.groups()) if version else "something else"
        raise PrepareError(
            f"{program}: expected HAProxy 2.6 or newer, found {found} (see haproxy.debian.net)"
        )
    link = VENV / "haproxy"
    link.unlink(missing_ok=True)
    link.symlink_to(program)


def starter() -> None:
    """The finished studio that `portico up` begins with; made anew only when the studio's code is other.

    Whoever lacks it starts all the same: the studio then makes its own, once, which takes as long.
    """
    began, state = time.time(), _state_of_studio()
    if not STARTER.exists() or not STARTER_MADE.exists() or STARTER_MADE.read_text() != state:
        packages.say("making the studio that a fresh home begins with, which takes half a minute")
        draft = VENV / "starter.draft"
        shutil.rmtree(draft, ignore_errors=True)
        try:
            run(
                [str(PYTHON), "-m", "portico.studio", "starter", str(draft)],
                failing="the starter can't be made now",
            )
        except PrepareError as error:
            packages.say(f"{error}; it is made when the studio starts")
            return
        shutil.rmtree(STARTER, ignore_errors=True)
        draft.rename(STARTER)
        STARTER_MADE.write_text(state)
    os.utime(STARTER_MADE, (began, began))


def _state_of_studio() -> str:
    whole = hashlib.sha256((VENV / "run.lock").read_bytes())
    for path in sorted(path for path in STUDIO.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        whole.update(str(path.relative_to(STUDIO)).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
