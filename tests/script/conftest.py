"""A checkout of the script alone, at a path with a space, on a machine that has only what a test gives it."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("sh", "env", "cat", "cmp", "dirname", "readlink", "chmod", "touch", "rm", "mkdir", "find", "head")


@dataclass(frozen=True)
class Machine:
    """`programs` is all that its PATH knows; `log` is what its stubs were called with."""

    checkout: Path
    programs: Path
    log: Path

    def has(self, name, script="exit 0"):
        """Put a program there that notes its call, then runs `script`."""
        program = self.programs / name
        program.unlink(missing_ok=True)
        program.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self.log}"\n{script}\n')
        program.chmod(0o755)
        return program

    def has_haproxy(self, version="2.6.12"):
        return self.has("haproxy", f'echo "HAProxy version {version}-1 2023/12/16 - https://haproxy.org/"')

    @property
    def calls(self):
        return self.log.read_text().splitlines() if self.log.exists() else []

    def run(self, *command, cwd=None):
        return subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            cwd=cwd or self.checkout.parent,
            env={"PATH": str(self.programs)},
        )

    def portico(self, *args, script=None, cwd=None):
        return self.run(script or self.checkout / "portico", *args, cwd=cwd)

    def prepare(self, *needs, euid=0):
        code = (
            "import os, runpy, sys\n"
            f"os.geteuid = lambda: {euid}\n"
            "sys.path.insert(0, os.path.dirname(sys.argv[1])); sys.argv = sys.argv[1:]\n"
            "runpy.run_path(sys.argv[0], run_name='__main__')\n"
        )
        return self.run(sys.executable, "-c", code, str(self.checkout / "dev" / "prepare.py"), *needs)


@pytest.fixture
def machine(tmp_path):
    checkout = tmp_path / "a path" / "checkout"
    checkout.mkdir(parents=True)
    shutil.copy(ROOT / "portico", checkout)
    shutil.copytree(ROOT / "dev", checkout / "dev", ignore=shutil.ignore_patterns("__pycache__"))
    (checkout / "requirements").mkdir()
    for name in ("run", "test", "bench"):
        (checkout / "requirements" / f"{name}.lock").write_text(f"# {name}: nothing\n")
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in TOOLS:
        (programs / name).symlink_to(shutil.which(name))
    (programs / "python3").symlink_to(sys.executable)
    return Machine(checkout, programs, tmp_path / "log")


@pytest.fixture
def prepared(machine):
    """A machine that was prepared before; its CLI and its preparation only tell their arguments."""
    venv = machine.checkout / ".venv"
    (venv / "bin").mkdir(parents=True)
    python = venv / "bin" / "python"
    python.write_text('#!/bin/sh\nfor word in "$@"; do echo "<$word>"; done\n')
    python.chmod(0o755)
    shutil.copy(machine.checkout / "requirements" / "run.lock", venv)
    (machine.checkout / "dev" / "prepare.py").write_text(
        "import sys\nprint('prepared', *sys.argv[1:], file=sys.stderr)\n"
    )
    return machine
