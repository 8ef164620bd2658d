"""The intake's promise, on a real stack with a real studio: what was acknowledged is there once."""

from __future__ import annotations

from pathlib import Path

import pytest

from portico.config import load
from portico.config.load import Config
from portico.recover import drill
from portico.recover.drill import Terms
from portico.recover.drills import intake
from portico.recover.drills.intake import Intake
from portico.recover.report import Report, Result
from support import studiostack
from support.stack import Stack

TERMS = Terms(rate=10, before_s=1, after_s=0.5, visitors=2)
SETTINGS = "[keeper]\nsoak_s = 1\n"


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    with studiostack.running(tmp_path_factory.mktemp("intake"), SETTINGS) as running:
        yield running


@pytest.fixture
def config(stack: Stack) -> Config:
    return load.load(stack.settings, stack.home.root, cwd=Path.cwd())


def _drilled(config: Config) -> Report:
    """A void one proves nothing on a machine that is busy, so it is run again."""
    for _ in range(3):
        report = drill.run("intake", config, TERMS)
        if report.result is not Result.VOID:
            break
    return report


def _hold(report: Report) -> None:
    assert report.result is Result.PASSED, report.why
    assert report.measured["lost"] == report.measured["twice"] == 0
    assert report.measured["acknowledged"] > 20
    assert report.measured["entries"] >= report.measured["acknowledged"]


@pytest.mark.timeout(400)
def test_no_acknowledged_post_is_lost_or_doubled_whatever_dies(
    config: Config, stack: Stack, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "STOPPED_S", 2.0)
    port = stack.home.studio_port.read_bytes()
    report = _drilled(config)
    _hold(report)
    assert stack.home.studio_port.read_bytes() == port, "editors find the studio where it was"
    told = stack.ledger().events(kind="drill")[-1]
    assert (told.subject, told.data["measured"]["lost"]) == ("intake", 0)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_no_acknowledged_post_is_lost_or_doubled_round_after_round(
    config: Config, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "STOPPED_S", 30.0)
    monkeypatch.setattr(Intake, "rounds", 3)
    monkeypatch.setattr(Intake, "bound_s", 1000.0)
    _hold(_drilled(config))
