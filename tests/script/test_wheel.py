"""`pip install .` gives the same CLI, with all that it needs."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder into which the wheel was installed; the dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", folder, ROOT], check=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", folder / "site", wheel], check=True)
    return folder


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_package(installed):
    (wheel,) = installed.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("portico/")}
    known = subprocess.run(
        ["git", "ls-files", "src/portico"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    assert {name.removeprefix("src/") for name in known} <= packed
    assert "portico/ledger/schema.sql" in packed
    assert "portico/runbooks/edge-down.md" in packed


@pytest.mark.slow
def test_its_command_is_the_cli(installed, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(installed / "site")}
    command = [installed / "site" / "bin" / "portico", "--help"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0
    assert "publish" in done.stdout
