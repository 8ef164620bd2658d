from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from portico.cli import app
from portico.cli.lazy import Lazy
from portico.cli.version import VERSION
from support.commands import Run
from support.stack import portico

REPOSITORY = Path(__file__).parents[2]
HEAVY = ("pydantic", "cryptography", "psutil", "watchfiles")


@pytest.mark.parametrize("lazy", app.TABLE, ids=lambda lazy: lazy.name)
def test_the_list_of_commands_says_what_each_command_says_of_itself(lazy: Lazy):
    command = lazy.load()
    assert command.help.splitlines()[0] == lazy.help
    assert "For example:" in command.help


@pytest.mark.parametrize("lazy", app.TABLE, ids=lambda lazy: lazy.name)
def test_every_command_explains_itself_and_takes_the_home(lazy: Lazy, run: Run):
    ran = run(lazy.name, "--help")
    assert ran.code == 0
    assert "For example:" in ran.out
    assert "--home" in ran.out


def test_the_version_is_the_packages():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION


def test_without_a_command_the_help_is_shown(run: Run):
    ran = run()
    assert ran.code == 0
    assert "portico up" in ran.out


def test_help_and_version_load_nothing_heavy():
    for asked in ("--help", "--version"):
        code = (
            "import sys; from portico.cli.main import main; "
            f"main(['{asked}']); print([name for name in {HEAVY} if name in sys.modules])"
        )
        assert portico_code(code).endswith("[]\n")


def portico_code(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_a_command_that_is_not_there_is_told_with_one_that_is_meant(run: Run):
    ran = run("pubish")
    assert ran.code == 2
    assert "Did you mean 'publish'?" in ran.err
    assert "hint: portico --help" in ran.err


def test_an_unknown_option_is_one_line(run: Run):
    ran = run("status", "--jsn")
    assert ran.code == 2
    assert ran.err.splitlines() == [
        "error: No such option: --jsn (Possible options: --json)",
        "hint: portico status --help",
    ]


@pytest.mark.parametrize("order", ["before", "after"])
def test_the_home_is_taken_before_and_after_the_command(order: str, run: Run, tmp_path: Path):
    home = tmp_path / "elsewhere"
    args = ["--home", str(home), "status"] if order == "before" else ["status", "--home", str(home)]
    ran = run(*args)
    assert ran.code == 5
    assert f"error: {home}: nothing was ever started here" in ran.err


def test_the_home_may_come_from_the_environment(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORTICO_HOME", str(tmp_path / "there"))
    assert f"{tmp_path / 'there'}: nothing was ever started here" in run("status").err
    assert f"{tmp_path / 'here'}: nothing" in run("--home", str(tmp_path / "here"), "status").err


def completed(words: str, cwd: Path) -> list[str]:
    asked = {
        "_PORTICO_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    return portico(cwd=cwd, env={**os.environ, **asked}).stdout.split()


def test_the_shell_completes_commands_clusters_snapshots_and_drills(tmp_path: Path):
    (tmp_path / "portico.toml").write_text('[clusters]\nnames = ["east", "west"]\n')
    snapshots = tmp_path / ".portico/origin/snapshots"
    snapshots.mkdir(parents=True)
    (snapshots / f"{'3f9a' * 16}.json").write_text("{}")
    assert completed("portico pub", tmp_path) == ["publish"]
    assert completed("portico drain ", tmp_path) == ["east", "west"]
    assert completed("portico rollback 3f", tmp_path) == ["3f9a3f9a3f9a"]
    assert "flipped-byte" in completed("portico drill f", tmp_path)
    assert completed("portico restart we", tmp_path) == ["west", "west1", "west2"]
