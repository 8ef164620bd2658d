"""Each drill against a real stack, under a small load: what the README promises is proven here."""

from __future__ import annotations

import contextlib
import signal
import time
from pathlib import Path

import psutil
import pytest

from portico.config import load
from portico.config.load import Config
from portico.kit import lock
from portico.kit.errors import PorticoError, UnavailableError
from portico.model import MIRROR, Event
from portico.recover import drill
from portico.recover import scene as scenes
from portico.recover.drill import Terms
from portico.recover.drills import parts
from portico.recover.drills.everything import Everything
from portico.recover.drills.hung import HungReplica
from portico.recover.drills.table import DRILLS, OF_THE_STUDIO
from portico.recover.report import Report, Result
from portico.store.layout import Store
from support.stack import PATIENCE_S, Stack, running_stack, until

TERMS = Terms(rate=60, before_s=1, after_s=0.5, visitors=4)


SETTINGS = """
[keeper]
soak_s = 1
[snapshots]
keep = 2
keep_days = 0
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    for name in ("index", "404", *(f"page-{number}" for number in range(30))):
        (folder / f"{name}.html").write_text(f"<!doctype html><title>{name}</title><p>" + f"{name} " * 300)
    return folder


@pytest.fixture(scope="module")
def stack(site: Path, tmp_path_factory):
    with running_stack(site, tmp_path_factory.mktemp("drills"), SETTINGS) as running:
        yield running


@pytest.fixture
def config(stack: Stack) -> Config:
    return load.load(stack.settings, stack.home.root, cwd=Path.cwd())


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drill, "PATIENCE_S", 1.0)


def drilled(name: str, config: Config) -> Report:
    """The drill's report; a void one proves nothing on a machine that is busy, so it is run again."""
    for _ in range(3):
        report = drill.run(name, config, TERMS)
        if report.result is not Result.VOID:
            break
    return report


def parts_of(stack: Stack) -> dict[str, int]:
    return {part: pid for part, pid in stack.alive().items() if part not in {"keeper", "guard"}}


@pytest.mark.parametrize("name", [name for name in DRILLS if name not in OF_THE_STUDIO])
def test_visitors_do_not_notice(name: str, config: Config, stack: Stack):
    report = drilled(name, config)
    assert report.result is Result.PASSED, f"{report.why}: {report.data}"
    assert report.played.answered >= 60
    ledger = stack.ledger()
    assert ledger.events(kind="drill", last=1)[0].data["result"] == "passed"
    ledger.close()


def test_what_was_published_for_a_drill_is_gone_after_it_and_pushed_nothing_out(
    config: Config, stack: Stack, site: Path
):
    (site / "news.html").write_text("<!doctype html><title>News</title>")
    assert stack.cli("publish").returncode == 0
    before = stack.status()["snapshot"]
    stores = [stack.home.origin, *(stack.home.store(name) for name in ("a", "b", MIRROR))]
    held = [Store(store).list_snapshots() for store in stores]
    assert [len(snapshots) for snapshots in held] == [2, 2, 2, 2]
    drilled("publish", config)
    assert stack.status()["snapshot"] == before
    assert [Store(store).list_snapshots() for store in stores] == held


def test_a_drill_that_visitors_notice_has_failed(config: Config, monkeypatch: pytest.MonkeyPatch):
    class EverythingAndNothingCached(Everything):
        staged = staticmethod(parts.usual)

    monkeypatch.setitem(DRILLS, "noticed", EverythingAndNothingCached)
    report = drilled("noticed", config)
    assert report.result is Result.FAILED
    assert report.failed["status"] > 0
    assert "requests failed: status" in report.why


def test_what_does_not_heal_in_time_fails_and_is_undone(
    config: Config, stack: Stack, monkeypatch: pytest.MonkeyPatch
):
    class Impatient(HungReplica):
        bound_s = 0.05

    monkeypatch.setitem(DRILLS, "impatient", Impatient)
    before = parts_of(stack)
    report = drilled("impatient", config)
    assert report.result is Result.FAILED
    assert "not healed within 0.05 s" in report.why
    assert parts_of(stack) == before
    assert all(psutil.Process(pid).status() != psutil.STATUS_STOPPED for pid in before.values())


def test_a_second_drill_at_a_time_is_refused(config: Config):
    with (
        lock.held(config.home.drill_lock),
        pytest.raises(UnavailableError, match="another drill is running"),
    ):
        drill.run("replica", config, TERMS)


@pytest.mark.usefixtures("patience")
def test_a_stack_that_is_not_healthy_is_left_alone(config: Config, stack: Stack):
    before = stack.alive()
    assert stack.cli("drain", "a").returncode == 0
    try:
        with pytest.raises(UnavailableError, match="cluster a is drained"):
            drill.run("cluster", config, TERMS)
    finally:
        assert stack.cli("undrain", "a").returncode == 0
    assert stack.alive() == before


def test_an_unknown_drill_is_one_clear_line(config: Config):
    with pytest.raises(PorticoError, match=r"there is no drill 'flood' .*one of replica, cluster"):
        drill.run("flood", config, TERMS)


def test_a_home_without_a_stack_is_one_clear_line(tmp_path: Path):
    with pytest.raises(UnavailableError, match="nothing was ever started here"):
        drill.run("replica", load.load(None, tmp_path / "nowhere", cwd=tmp_path), TERMS)


def test_ctrl_c_takes_the_load_off_and_leaves_the_stack_well(config: Config, stack: Stack):
    hung = len(_hung(stack))
    with stack.running("drill", "hung-replica") as running:
        players = until(lambda: psutil.Process(running.pid).children())
        until(lambda: _is_stopped(stack) or len(_hung(stack)) > hung)
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=PATIENCE_S)
    assert running.returncode not in {0, 1}
    until(lambda: not any(player.is_running() for player in players))
    with contextlib.closing(scenes.of(config)) as scene:
        until(lambda: not scenes.troubles(scene.status, time.time() - scene.status_at))


def _is_stopped(stack: Stack) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        found = (psutil.Process(pid) for pid in stack.alive().values())
        return any(process.status() == psutil.STATUS_STOPPED for process in found)
    return False


def _hung(stack: Stack) -> list[Event]:
    """Those that the keeper ended: what stands still does so for a moment only."""
    with contextlib.closing(stack.ledger()) as ledger:
        return ledger.events(kind="replica.hung")
