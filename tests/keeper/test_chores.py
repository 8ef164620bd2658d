from __future__ import annotations

import threading

import pytest

from portico.keeper import chores
from portico.keeper.chores import Chores
from portico.keeper.steps import RepairBody, Step
from portico.kit.errors import PorticoError
from support.stack import until

REPAIR = RepairBody("a", "0" * 64)


@pytest.fixture
def done() -> list[Step]:
    return []


@pytest.fixture
def long_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "REST_S", 3600.0)


@pytest.mark.usefixtures("long_rest")
def test_a_chore_that_just_ended_is_not_begun_again_at_once(done: list[Step]):
    doing = Chores(done.append, lambda: None)
    for _ in range(100):
        doing.begin(REPAIR)
        until(lambda: doing.idle)
    assert done == [REPAIR]


def test_a_chore_is_begun_again_after_its_rest(done: list[Step], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(chores, "REST_S", 0.0)
    doing = Chores(done.append, lambda: None)
    for _ in range(2):
        doing.begin(REPAIR)
        until(lambda: doing.idle)
    assert done == [REPAIR, REPAIR]


@pytest.mark.usefixtures("long_rest")
def test_a_failed_chore_does_not_spin_and_stays_a_finding_while_it_is_needed():
    tries = []

    def fail(step: Step) -> None:
        tries.append(step)
        raise PorticoError("no store holds a good copy")

    doing = Chores(fail, lambda: None)
    for _ in range(100):
        doing.begin(REPAIR)
        until(lambda: doing.idle)
    assert len(tries) == 1
    assert "no store holds a good copy" in doing.findings([REPAIR])[0].sentence
    assert doing.findings([]) == []


def test_a_chore_that_runs_is_not_begun_twice(done: list[Step]):
    go = threading.Event()

    def slowly(step: Step) -> None:
        go.wait(60)
        done.append(step)

    doing = Chores(slowly, lambda: None)
    doing.begin(REPAIR)
    doing.begin(REPAIR)
    assert not doing.idle
    go.set()
    until(lambda: doing.idle)
    assert done == [REPAIR]
