"""Whatever a person gets wrong is a line and a hint, through the real program; what runs goes on running."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portico.config.home import Home
from portico.ledger.ledger import Ledger
from support import smalldisk
from support.stack import PATIENCE_S, end, portico, write_settings


def told(cwd: Path, *args: str, env: dict[str, str] | None = None) -> tuple[int, list[str]]:
    """The exit code and what stands on stderr, which is never a traceback."""
    ran = portico(*args, cwd=cwd, env=env)
    assert "Traceback" not in ran.stderr
    return ran.returncode, ran.stderr.splitlines()


@pytest.fixture
def started(tmp_path: Path) -> Path:
    """A folder in which a stack was started once, as far as the CLI can tell."""
    home = Home(tmp_path / ".portico").create()
    Ledger(home.ledger).close()
    return tmp_path


def test_an_unknown_key(tmp_path: Path):
    (tmp_path / "portico.toml").write_text("[edge]\nhttps_prot = 443\n")
    code, lines = told(tmp_path, "up", "--detach")
    assert code == 3
    assert lines == [
        f"error: {tmp_path}/portico.toml: edge/https_prot: unknown key, did you mean https_port?"
    ]


def test_a_configuration_file_that_is_not_there(tmp_path: Path):
    code, lines = told(tmp_path, "--config", "nope.toml", "config", "check")
    assert code == 3
    assert lines[0] == "error: nope.toml: can't be read: No such file or directory"
    assert lines[1].startswith("hint: ")


def test_a_file_that_is_no_toml(tmp_path: Path):
    (tmp_path / "portico.toml").write_text("[edge\n")
    code, lines = told(tmp_path, "config", "check")
    assert code == 3
    assert lines[0].startswith(f"error: {tmp_path}/portico.toml: expected TOML: ")
    assert len(lines) == 1


def test_no_haproxy(tmp_path: Path):
    code, lines = told(tmp_path, "up", "--detach", env={**os.environ, "PATH": str(tmp_path)})
    assert code == 5
    assert "HAProxy" in lines[0]
    assert lines[1].startswith("hint: ")


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_wrong_certificate(content: str | None, tmp_path: Path):
    if content:
        (tmp_path / "site.pem").write_text(content)
    write_settings(tmp_path / "portico.toml", None, '[edge]\ncertificate = "site.pem"')
    for command in (["config", "check"], ["up", "--detach"]):
        code, lines = told(tmp_path, *command)
        assert code == 3
        assert lines[0].startswith(f"error: {tmp_path}/site.pem: ")
    assert not list((tmp_path / ".portico/run").glob("*.json"))


@pytest.mark.parametrize("there", [True, False], ids=["empty", "missing"])
def test_a_folder_with_nothing_to_publish(there: bool, tmp_path: Path):
    if there:
        (tmp_path / "site").mkdir()
    write_settings(tmp_path / "portico.toml", Path("site"))
    home = Home(tmp_path / ".portico")
    try:
        code, lines = told(tmp_path, "up", "--detach")
        assert code == 4
        assert lines[0].startswith(f"error: {tmp_path}/site: ")
        assert lines[1].startswith("hint: ")
        assert told(tmp_path, "status")[0] == 5, "a stack that has nothing to serve was left running"
    finally:
        end(home)


def test_a_home_where_a_file_is(tmp_path: Path):
    (tmp_path / "file").write_text("")
    code, lines = told(tmp_path, "--home", "file/home", "up", "--detach")
    assert code == 5
    assert lines[0].startswith(f"error: {tmp_path}/file/home: ")
    assert lines[1] == "hint: --home DIR chooses another"


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming somebody else needs root")
def test_a_home_that_belongs_to_somebody_else(tmp_path: Path):
    folder = Path("/proc/1/nothing")
    code, lines = told(tmp_path, "--home", str(folder), "up", "--detach")
    assert code == 5
    assert lines[0].startswith(f"error: {folder}: ")


def test_an_unknown_cluster(started: Path):
    for command in (["drain", "c"], ["undrain", "c"], ["scale", "c", "2"]):
        code, lines = told(started, *command)
        assert code == 2
        assert lines == ["error: there is no cluster 'c'", "hint: one of a, b"]


@pytest.mark.parametrize("count", ["0", "9"])
def test_a_number_of_replicas_out_of_range(count: str, started: Path):
    code, lines = told(started, "scale", "a", count)
    assert code == 2
    assert lines[0] == f"error: scale a: expected 1 to 8 replicas, got {count}"
    assert lines[1] == "hint: the most is clusters/max_replicas in portico.toml"


def test_an_unknown_target(started: Path):
    code, lines = told(started, "restart", "a7")
    assert code == 2
    assert lines == ["error: there is nothing called 'a7'", "hint: one of all, a, b, a1, a2, b1, b2, mirror"]


def test_an_unknown_drill(started: Path):
    code, lines = told(started, "drill", "earthquake")
    assert code == 2
    assert lines[0] == "error: there is no drill 'earthquake'"
    assert "flipped-byte" in lines[1]


def test_an_ambiguous_snapshot(started: Path):
    snapshots = started / ".portico/origin/snapshots"
    snapshots.mkdir(parents=True)
    for end_ in ("0", "1"):
        (snapshots / f"{'3f9a' * 3}{end_ * 52}.json").write_text("{}")
    code, lines = told(started, "rollback", "3f9a")
    assert code == 2
    assert lines[0] == "error: '3f9a' is ambiguous, expected one of 3f9a3f9a3f9a0000, 3f9a3f9a3f9a1111"
    assert lines[1] == "hint: give more characters"


def test_a_drill_of_a_stack_that_serves_nothing(started: Path):
    code, lines = told(started, "drill", "replica")
    assert code == 5
    assert lines[1] == "hint: portico up"


@pytest.mark.parametrize("setting", ["database_file", "mail_file", "oidc_client_secret_file", "path"])
def test_what_the_studio_shall_read_is_looked_for(tmp_path: Path, setting: str):
    (tmp_path / "portico.toml").write_text(f'studio.{setting} = "nowhere"\n')
    code, lines = told(tmp_path, "config", "check")
    assert code == 3
    assert lines[0].startswith(f"error: {tmp_path}/nowhere: there is no such")
    assert lines[1] == f"hint: studio/{setting} names it"


def test_watching_a_studio_is_not_needed(started: Path):
    done = portico("watch", cwd=started)
    assert done.returncode == 0
    assert "there is nothing to watch" in done.stdout


def test_a_folder_has_no_studio_to_open(started: Path):
    (started / "portico.toml").write_text('source.kind = "folder"\n')
    code, lines = told(started, "studio", "open")
    assert code == 5
    assert lines[0].endswith("there is no studio here, the site comes from a folder")


def test_watching_without_a_folder(started: Path):
    (started / "portico.toml").write_text('source.kind = "folder"\n')
    code, lines = told(started, "watch")
    assert code == 3
    assert lines[0] == "error: source/folder: there is no folder to watch, the starter page is built in"


def test_what_nobody_expected_is_one_line_and_a_file(started: Path):
    """A ledger that is no ledger any more, below the CLI's own checks."""
    code = (
        "from portico.board import state; from portico.cli import main;"
        "state.gather = lambda *_: 1 / 0;"
        "raise SystemExit(main.main(['status']))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=started,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert ran.returncode == 1
    error, hint = ran.stderr.splitlines()
    assert error == "error: unexpected ZeroDivisionError: division by zero"
    crash = Path(hint.rpartition(" ")[2])
    assert crash.parent == started / ".portico/logs"
    assert "Traceback" in crash.read_text()
    assert "portico status" in crash.read_text()


def test_a_reader_that_goes_away_is_no_error(started: Path):
    ledger = Ledger(started / ".portico/ledger.db")
    with ledger.writing():
        for number in range(5000):
            ledger.record("live", str(number))
    ledger.close()
    command = [sys.executable, "-m", "portico.cli", "events", "--last", "5000", "--json"]
    with subprocess.Popen(command, cwd=started, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reading:
        assert reading.stdout
        assert reading.stderr
        reading.stdout.readline()
        reading.stdout.close()
        assert reading.stderr.read() == b""
        assert reading.wait(PATIENCE_S) == 1


def test_no_colour_where_there_is_no_terminal(started: Path):
    ran = portico("events", cwd=started)
    assert "\x1b" not in ran.stdout
    assert "\x1b" not in portico("drain", "c", cwd=started).stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 24 MB."""
    with smalldisk.mounted(tmp_path / "disk", "24m") as disk:
        yield disk


def test_a_full_disk_is_told_and_the_site_is_served_all_the_same(small_disk: Path, tmp_path: Path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<!doctype html><title>small</title>")
    write_settings(tmp_path / "portico.toml", site)
    home = Home(small_disk / "home")
    try:
        assert told(tmp_path, "--home", str(home.root), "up", "--detach")[0] == 0
        (site / "video.mp4").write_bytes(os.urandom(40_000_000))
        code, lines = told(tmp_path, "--home", str(home.root), "publish")
        assert code == 1
        assert "the disk is full, nothing was changed" in lines[0]
        assert lines[1].startswith("hint: free some space")
        assert told(tmp_path, "--home", str(home.root), "status")[0] == 0
    finally:
        end(home)
