"""The script at the root: prepares what is missing, else gets out of the way."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portico.kit.errors import Exit

ROOT = Path(__file__).parents[2]
SCRIPTS = ["portico", "dev/lock.sh", ".ci/run"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_has_no_flaw_that_shellcheck_knows(name):
    shellcheck = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run([shellcheck, ROOT / name], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_can_be_run(name):
    assert os.access(ROOT / name, os.X_OK)


def test_it_becomes_the_cli_and_says_nothing_of_its_own(prepared):
    done = prepared.portico("status", "--json", "two words")
    assert done.stdout.splitlines() == [
        "<-P>",
        "<-m>",
        "<portico.cli>",
        "<status>",
        "<--json>",
        "<two words>",
    ]
    assert (done.returncode, done.stderr) == (0, "")


def test_it_is_found_through_links_from_anywhere(prepared, tmp_path):
    near, far = prepared.checkout / "near", tmp_path / "far link"
    near.symlink_to("portico")
    far.symlink_to(near)
    for script, cwd in ((far, tmp_path), ("./near", prepared.checkout), ("../far link", prepared.programs)):
        assert "<portico.cli>" in prepared.portico("status", script=script, cwd=cwd).stdout


def test_it_gives_the_clis_exit_code(prepared):
    (prepared.checkout / ".venv" / "bin" / "python").write_text("#!/bin/sh\nexit 4\n")
    assert prepared.portico("publish").returncode == 4


@pytest.mark.parametrize(
    "command", ["", "--help", "up --help", "up -h", "status", "logs keeper", "--home x down", "--home"]
)
def test_what_runs_without_haproxy_does_not_install_it(prepared, command):
    assert prepared.portico(*command.split()).stderr == ""


@pytest.mark.parametrize(
    "command", ["up", "up --detach", "drill replica", "keeper --once", "--home x up", "--config=x up"]
)
def test_what_needs_haproxy_prepares_it_once(prepared, command):
    assert prepared.portico(*command.split()).stderr == "prepared run haproxy\n"
    (prepared.checkout / ".venv" / "haproxy").symlink_to(prepared.has_haproxy())
    assert prepared.portico(*command.split()).stderr == ""


def test_haproxy_that_went_away_is_prepared_again(prepared):
    (prepared.checkout / ".venv" / "haproxy").symlink_to(prepared.programs / "haproxy")
    assert prepared.portico("up").stderr == "prepared run haproxy\n"


def test_a_studio_to_begin_with_is_made_when_its_code_changed(prepared):
    venv, studio = prepared.checkout / ".venv", prepared.checkout / "src" / "portico" / "studio"
    (venv / "haproxy").symlink_to(prepared.has_haproxy())
    studio.mkdir(parents=True)
    (studio / "models.py").touch()
    assert prepared.portico("up").stderr == "prepared starter\n"
    (venv / "starter.made").touch()
    os.utime(studio / "models.py", (1, 1))
    assert prepared.portico("up").stderr == ""
    (studio / "models.pyc").touch()
    assert prepared.portico("up").stderr == ""
    os.utime(studio / "models.py", (4e9, 4e9))
    assert prepared.portico("up").stderr == "prepared starter\n"
    assert prepared.portico("status").stderr == ""


@pytest.mark.parametrize("name", ["test", "bench"])
def test_tests_and_benches_prepare_what_they_need(prepared, name):
    done = prepared.portico(name, "--all", "a b")
    assert done.stderr == f"prepared run {name} haproxy\n"
    assert done.stdout.splitlines() == [f"<{prepared.checkout}/dev/{name}.py>", "<--all>", "<a b>"]


def test_a_changed_lock_file_is_noticed(prepared):
    (prepared.checkout / "requirements" / "run.lock").write_text("# something\n")
    assert prepared.portico("status").stderr == "prepared run\n"


def test_a_half_made_environment_is_noticed(prepared):
    (prepared.checkout / ".venv" / "unfinished").touch()
    assert prepared.portico("status").stderr == "prepared run\n"


def test_an_environment_whose_python_went_away_is_noticed(prepared):
    (prepared.checkout / ".venv" / "bin" / "python").unlink()
    assert prepared.portico("status").stderr.startswith("prepared run\n")


def test_a_failed_preparation_ends_it(prepared):
    (prepared.checkout / ".venv" / "unfinished").touch()
    (prepared.checkout / "dev" / "prepare.py").write_text("raise SystemExit(5)")
    done = prepared.portico("status")
    assert (done.returncode, done.stdout) == (Exit.UNAVAILABLE, "")


@pytest.mark.parametrize(("python", "found"), [("Python 3.9.2", "Python 3.9.2"), (None, "no python3")])
def test_a_python_that_is_too_old_or_missing_is_one_clear_line(machine, python, found):
    (machine.programs / "python3").unlink()
    if python:
        machine.has("python3", f'[ "$1" = --version ] && echo "{python}" && exit\nexit 1')
    done = machine.portico("up")
    assert done.returncode == Exit.UNAVAILABLE
    assert done.stderr == (
        "portico: expected python3, version 3.11 or newer, on the PATH,"
        f" found {found} (install it, then try again)\n"
    )


@pytest.mark.parametrize("name", ["test", "bench"])
def test_an_installed_cli_tells_what_only_a_checkout_has(name):
    command = [sys.executable, "-m", "portico.cli", name]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (
        Exit.USAGE,
        f"error: portico {name} is part of a checkout only\nhint: ./portico {name} in a checkout\n",
    )
